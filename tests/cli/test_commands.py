from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulk_loader.choices import LoginShape, SessionEnd
from bulk_loader.cli.crashes import crash_error
from bulk_loader.cli.logbooks import logbook
from bulk_loader.desk import DeskOptions, Reach
from bulk_loader.errors import SourceError
from bulk_loader.model import Ending, Field, Status
from bulk_loader.preparation.kinds import ProblemKind
from bulk_loader.sandbox import SandboxOptions
from tests.cli.fakes import NONE, PROBLEM, REPORT, SOURCE, SUMMARY, FakeVerbs, summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.runs.watch import Watch
    from tests.cli.conftest import Ended

    Command = Callable[..., Ended]


class TestUpload:
    """`bulk-loader upload FILE`."""

    def test_prints_the_summary_and_what_to_run_next(self, command: Command) -> None:
        """A run that went well is told in five lines on standard output, and nothing else is."""
        ended = command("upload", "leads.csv", "--sandbox")
        assert ended.code == 0
        assert ended.err == ""
        assert ended.out == (
            "Run 20260102-0304-abcdef: leads.csv to https://acme.ucontactcloud.com\n"
            "  accepted           3\n"
            "3 sent in 1.5 s (2 a second)\n"
            "Results: /lists/leads.results.csv\n"
            "Next: nothing is left to do; to see this run again: "
            "bulk-loader runs show 20260102-0304-abcdef\n"
        )

    def test_passes_on_only_what_was_given(self, command: Command, verbs: FakeVerbs) -> None:
        """An option that was not given can't hide what another place says of it."""
        command("upload", "leads.csv")
        command(
            *("upload", "leads.csv", "--no-bulk", "--map", "agent=A", "--map", "data=B"),
            *("--schema", "rules.yaml", "--again", "--rate", "5"),
        )
        assert verbs.asked == [
            ("upload", Path("leads.csv"), {}),
            (
                "upload",
                Path("leads.csv"),
                {
                    "bulk": False,
                    "map": ("agent=A", "data=B"),
                    "schema_file": "rules.yaml",
                    "again": True,
                    "rate": "5",
                },
            ),
        ]

    def test_json_is_one_line_with_all_figures(self, command: Command, verbs: FakeVerbs) -> None:
        """A program that calls the command reads one JSON object and nothing besides."""
        verbs.summary = replace(summary(accepted=2, invalid=1), notes=("A note.",))
        ended = command("upload", "leads.csv", "--json")
        assert ended.code == 1
        assert ended.out.count("\n") == 1
        assert json.loads(ended.out) == {
            "schema": "run",
            "schema_version": 1,
            "kind": "upload",
            "run_id": "20260102-0304-abcdef",
            "file": "/lists/leads.csv",
            "digest": "0" * 64,
            "profile": "night",
            "started_at": "2026-01-02T03:04:00+00:00",
            "ended_at": "2026-01-02T03:05:00+00:00",
            "target": "https://acme.ucontactcloud.com",
            "leads": 3,
            "counts": {
                "accepted": 2,
                "rejected": 0,
                "invalid": 1,
                "unsent": 0,
                "unknown": 0,
                "duplicate": 0,
                "suppressed": 0,
            },
            "sent": 3,
            "seconds": 1.5,
            "rows_per_second": 2.0,
            "results": "/lists/leads.results.csv",
            "report": None,
            "problems": [],
            "exit_code": 1,
            "ended": "finished",
            "stopped_why": "",
            "notes": ["A note."],
            "campaigns": [
                {"name": "Ventas<-", "leads": 3, "dialer": "Power or Predictive"},
            ],
            "leads_of_more_campaigns": 0,
        }

    def test_quiet_says_nothing_but_errors(self, command: Command, verbs: FakeVerbs) -> None:
        """A quiet run leaves the streams empty, and `--json` still has its line."""
        verbs.meanwhile = lambda watch: watch.noted("A decision.")
        ended = command("upload", "leads.csv", "--quiet")
        assert (ended.out, ended.err) == ("", "")
        ended = command("upload", "leads.csv", "--quiet", "--json")
        assert (ended.out.count("\n"), ended.err) == (1, "")

    def test_tells_decisions_on_standard_error(self, command: Command, verbs: FakeVerbs) -> None:
        """What was found out about the file is said before the sending."""

        def meanwhile(watch: Watch) -> None:
            watch.opened(SOURCE)
            watch.noted("destination is taken from Tel.")
            watch.started(3)
            watch.settled(Status.ACCEPTED, 3)

        verbs.meanwhile = meanwhile
        assert command("upload", "leads.csv").err.splitlines() == [
            "leads.csv: 3 leads, header in row 1",
            "The delimiter is a semicolon.",
            "destination is taken from Tel.",
        ]

    @pytest.mark.parametrize(
        ("ended_as", "code", "last_line"),
        [
            (
                summary(invalid=1, rejected=1, accepted=1),
                1,
                (
                    "Next: correct the marked rows in the results file, save it, and run: "
                    "bulk-loader retry /lists/leads.results.csv"
                ),
            ),
            (
                summary(unknown=1200),
                7,
                (
                    "Next: look in the dialer for the 1,200 leads in doubt; those that are not there: "
                    "bulk-loader retry /lists/leads.results.csv --include unknown"
                ),
            ),
            (
                summary(Ending.INTERRUPTED, unsent=3),
                130,
                (
                    "Next: the same command goes on where it stopped: "
                    "bulk-loader upload 'my leads.csv' --campaign 'POWER<-'"
                ),
            ),
            (
                summary(Ending.STOPPED, "20 unclear answers in a row.", unsent=3),
                4,
                (
                    "Next: when that is mended, the same command goes on where it stopped: "
                    "bulk-loader upload 'my leads.csv' --campaign 'POWER<-'"
                ),
            ),
        ],
    )
    def test_ends_with_the_command_to_run_next(
        self, command: Command, verbs: FakeVerbs, ended_as: object, code: int, last_line: str
    ) -> None:
        """The last line can be copied, however the run ended."""
        verbs.summary = ended_as  # type: ignore[assignment]
        ended = command("upload", "my leads.csv", "--campaign", "POWER<-")
        assert ended.code == code
        assert ended.out.splitlines()[-1] == last_line

    def test_a_lead_in_doubt_does_not_hide_the_rows_to_correct(
        self, command: Command, verbs: FakeVerbs
    ) -> None:
        """Both next steps are told where both are needed."""
        verbs.summary = summary(unknown=1, rejected=1)
        lines = command("upload", "leads.csv").out.splitlines()
        assert [line.startswith("Next: ") for line in lines[-2:]] == [True, True]
        assert "the 1 lead in doubt" in lines[-2]

    def test_says_why_a_run_stopped(self, command: Command, verbs: FakeVerbs) -> None:
        """The rule that stopped the run stands in the summary."""
        verbs.summary = summary(Ending.STOPPED, "20 unclear answers in a row.", unsent=3)
        assert "Stopped: 20 unclear answers in a row.\n" in command("upload", "leads.csv").out

    def test_says_what_was_noted_and_leaves_out_results_that_are_not_there(
        self, command: Command, verbs: FakeVerbs
    ) -> None:
        """A run without a results file claims none."""
        verbs.summary = replace(SUMMARY, results=None, notes=("3 numbers were made tidy.",))
        out = command("upload", "leads.csv").out
        assert out.startswith("3 numbers were made tidy.\n")
        assert "Results:" not in out


class TestCheck:
    """`bulk-loader check FILE`."""

    def test_prints_columns_then_figures_then_tasks(self, command: Command) -> None:
        """A file without problems shows what its leads would become."""
        ended = command("check", "leads.csv")
        assert ended.code == 0
        assert ended.out.splitlines() == [
            "Columns:",
            "  destination  <- Tel",
            "Campaigns:",
            "  Ventas<-                       2  Power or Predictive",
            "  (none)                         1",
            "Leads:",
            "  valid              3",
            "The first tasks, as they would be sent:",
            'row 2: {"destination": "099123456"}',
            "Next: bulk-loader upload /lists/leads.csv",
        ]

    def test_names_no_file_that_does_not_exist(self, command: Command, verbs: FakeVerbs) -> None:
        """After a check of what came through a pipe, the next step is to save the list."""
        source = replace(REPORT.source, is_piped=True)
        verbs.report = replace(REPORT, source=source)
        last = command("check", "-").out.splitlines()[-1]
        assert last.startswith("Next: save the list as a file")

    def test_prints_each_kind_of_problem_once(self, command: Command, verbs: FakeVerbs) -> None:
        """One question for one cause: its count, its first rows, and what to do; the code is 1."""
        verbs.report = replace(
            REPORT,
            problems=(PROBLEM,),
            kinds=(ProblemKind(PROBLEM.code, "Tel", 1, (PROBLEM,)),),
            counts={**NONE, Status.UNSENT: 2, Status.INVALID: 1},
            columns=replace(REPORT.columns, template_columns=("ID", "Name")),
            notes=("1 value was changed.",),
            first_tasks=(),
        )
        ended = command("check", "leads.csv", "--campaign", "X")
        assert ended.code == 1
        assert ended.out.splitlines() == [
            "Columns:",
            "  destination  <- Tel",
            "  data         <- its template uses ID, Name",
            "Campaigns:",
            "  Ventas<-                       2  Power or Predictive",
            "  (none)                         1",
            "Problems:",
            '  1 lead, column "Tel" (phone_too_short):',
            "    Row 3: …1234 is too short for a phone number.",
            "    Correct the cell.",
            "Leads:",
            "  valid              2",
            "  invalid            1",
            "1 value was changed.",
            (
                "Next: correct the 1 lead named above, and run: "
                "bulk-loader check /lists/leads.csv --campaign X"
            ),
        ]

    def test_says_how_many_leads_are_not_named(self, command: Command, verbs: FakeVerbs) -> None:
        """Of thousands, the first few are shown, and how the others are listed."""
        kind = ProblemKind(PROBLEM.code, None, 10_009, (replace(PROBLEM, column=None),))
        verbs.report = replace(REPORT, kinds=(kind,), counts={**NONE, Status.INVALID: 10_009})
        out = command("check", "leads.csv").out
        assert "  10,009 leads, whole rows (phone_too_short):\n" in out
        assert "    … and 10,008 more; --all lists them\n" in out

    def test_all_lists_every_problem_as_it_is_found(
        self, command: Command, verbs: FakeVerbs
    ) -> None:
        """However many there are, none has to be kept for it."""
        verbs.report = replace(REPORT, problems=(PROBLEM, replace(PROBLEM, row=4)))
        lines = command("check", "leads.csv", "--all").out.splitlines()
        assert lines[:2] == [PROBLEM.masked_sentence, replace(PROBLEM, row=4).masked_sentence]
        assert lines[2] == "Columns:"
        assert PROBLEM.masked_sentence not in command("check", "leads.csv").out
        assert command("check", "leads.csv", "--all", "--quiet").out == ""

    def test_all_of_them_do_not_fit_one_line_of_json(self, command: Command) -> None:
        """Which is bounded, so that both together are a slip."""
        ended = command("check", "leads.csv", "--all", "--json")
        assert ended.code == 2
        assert "--json is bounded" in ended.err

    @pytest.mark.parametrize(
        ("arguments", "file", "marked"),
        [
            (("leads.csv",), "leads.csv", None),
            (("leads.csv", "--results"), "leads.csv", ""),
            (("leads.csv", "--results", "out.csv"), "leads.csv", "out.csv"),
            (("--results", "leads.csv"), "leads.csv", ""),
            (("--results", "out.csv", "leads.csv"), "leads.csv", "out.csv"),
        ],
    )
    def test_results_may_be_given_a_place(
        self,
        command: Command,
        verbs: FakeVerbs,
        arguments: tuple[str, ...],
        file: str,
        marked: str | None,
    ) -> None:
        """Where one path alone is given, it is the list."""
        command("check", *arguments)
        assert verbs.asked == [("check", Path(file), {}, marked)]

    def test_a_check_needs_a_file(self, command: Command) -> None:
        """As every other command says it."""
        ended = command("check", "--results")
        assert ended.code == 2
        assert "FILE" in ended.err

    def test_the_marked_file_is_what_to_go_on_with(
        self, command: Command, verbs: FakeVerbs
    ) -> None:
        """It is corrected and uploaded as it is, also where the list came through a pipe."""
        verbs.report = replace(
            REPORT,
            source=replace(SOURCE, is_piped=True),
            counts={**NONE, Status.INVALID: 1},
            results=Path("/lists/my leads.checked.xlsx"),
        )
        lines = command("check", "-", "--results").out.splitlines()
        assert "Marked: /lists/my leads.checked.xlsx" in lines
        assert lines[-1] == (
            "Next: correct the 1 lead marked invalid in my leads.checked.xlsx, save it, and run: "
            "bulk-loader upload '/lists/my leads.checked.xlsx'"
        )

    def test_json_has_the_same_in_one_line(self, command: Command, verbs: FakeVerbs) -> None:
        """A program reads columns, counts, problems and tasks from one object."""
        verbs.report = replace(
            REPORT,
            problems=(PROBLEM,),
            kinds=(ProblemKind(PROBLEM.code, "Tel", 1, (PROBLEM,)),),
            counts={**NONE, Status.UNSENT: 2, Status.INVALID: 1},
        )
        ended = command("check", "leads.csv", "--json")
        found = json.loads(ended.out)
        assert ended.code == found["exit_code"] == 1
        assert found["columns"] == {"destination": ["Tel"]}
        assert found["counts"]["invalid"] == 1
        assert found["campaigns"][1] == {"name": "", "leads": 1, "dialer": None}
        assert found["leads_of_more_campaigns"] == 0
        assert found["first_tasks"] == list(REPORT.first_tasks)
        assert found["results"] is None
        assert found["kinds"] == [
            {
                "code": "phone_too_short",
                "column": "Tel",
                "leads": 1,
                "first_rows": [3],
                "remedy": "Correct the cell.",
            }
        ]
        assert found["problems"] == [
            {
                "row": 3,
                "column": "Tel",
                "code": "phone_too_short",
                "sentence": PROBLEM.masked_sentence,
            }
        ]

    def test_quiet_leaves_only_the_exit_code(self, command: Command) -> None:
        """A script may ask whether a file is good without reading anything."""
        ended = command("check", "leads.csv", "--quiet")
        assert (ended.code, ended.out, ended.err) == (0, "", "")


class TestRetry:
    """`bulk-loader retry RESULTS`."""

    def test_passes_on_the_statuses_to_include(self, command: Command, verbs: FakeVerbs) -> None:
        """Leads in doubt are sent again only where they are named."""
        command("retry", "leads.results.csv")
        command("retry", "r.csv", "--include", "unknown", "--include", "duplicate", "--rate", "1")
        assert verbs.asked == [
            ("retry", Path("leads.results.csv"), {}, frozenset()),
            (
                "retry",
                Path("r.csv"),
                {"rate": "1"},
                frozenset({Status.UNKNOWN, Status.DUPLICATE}),
            ),
        ]

    def test_refuses_to_include_accepted_leads(self, command: Command, verbs: FakeVerbs) -> None:
        """Nobody can ask for a second call of all who were accepted."""
        ended = command("retry", "r.csv", "--include", "accepted")
        assert ended.code == 2
        assert "'accepted' is not one of 'unknown', 'duplicate', 'suppressed'" in ended.err
        assert verbs.asked == []


class TestSandbox:
    """`bulk-loader sandbox`."""

    def test_starts_as_it_is_told(self, command: Command, verbs: FakeVerbs, tmp_path: Path) -> None:
        """Percent and milliseconds reach the sandbox in its own units."""
        ended = command(
            *("sandbox", "--port", "0", "--db", str(tmp_path / "q.db")),
            *("--fail", "12.5", "--latency", "250"),
        )
        assert verbs.asked == [
            ("sandbox", SandboxOptions(0, tmp_path / "q.db", fail_percent=12.5, latency_s=0.25))
        ]
        assert (ended.code, ended.out, ended.err) == (0, "", "The sandbox listens.\n")

    def test_answers_logins_as_it_is_told(self, command: Command, verbs: FakeVerbs) -> None:
        """By the words of the shapes; another word is refused with those that there are."""
        command("sandbox", "--login-shape", "userlogin-last", "--session-end", "query")
        shaped = SandboxOptions(8080, login_shape=LoginShape.OLD_LAST, session_end=SessionEnd.QUERY)
        assert verbs.asked == [("sandbox", shaped)]
        ended = command("sandbox", "--login-shape", "round")
        assert (ended.code, len(verbs.asked)) == (2, 1)
        assert "userlogin-third" in ended.err

    def test_knows_the_campaigns_that_it_is_told(self, command: Command, verbs: FakeVerbs) -> None:
        """For a look at it with --online."""
        command("sandbox", "--campaign", "A<-", "--campaign", "B->")
        assert verbs.asked == [("sandbox", SandboxOptions(8080, campaigns=("A<-", "B->")))]

    def test_lets_agents_call_as_it_is_told(self, command: Command, verbs: FakeVerbs) -> None:
        """Counted or named, by a clock and a seed."""
        command("sandbox", "--agents", "2", "--speed", "60", "--seed", "7")
        command("sandbox", "--agents", "7,8")
        assert verbs.asked == [
            ("sandbox", SandboxOptions(8080, agents=("1001", "1002"), speed=60, seed=7)),
            ("sandbox", SandboxOptions(8080, agents=("7", "8"))),
        ]
        ended = command("sandbox", "--agents", "1001")
        assert (ended.code, len(verbs.asked)) == (2, 2)
        assert "500 at the most" in ended.err

    def test_takes_only_the_campaigns_that_it_is_told(
        self, command: Command, verbs: FakeVerbs
    ) -> None:
        """Which it then knows as well."""
        command("sandbox", "--campaigns", "A<-, B->,", "--campaign", "C<-")
        only = SandboxOptions(8080, campaigns=("C<-", "A<-", "B->"), takes_others=False)
        assert verbs.asked == [("sandbox", only)]

    def test_has_the_faults_that_it_is_told(self, command: Command, verbs: FakeVerbs) -> None:
        """Each in its own unit."""
        faults = ("--error", "5", "--drop", "2.5", "--token-life", "60", "--rate-limit", "50")
        command("sandbox", *faults)
        told = SandboxOptions(
            8080, error_percent=5, drop_percent=2.5, token_life_s=60, rate_limit=50
        )
        assert verbs.asked == [("sandbox", told)]

    def test_a_figure_out_of_range_is_told(self, command: Command, verbs: FakeVerbs) -> None:
        """A sandbox that could not behave so does not start."""
        ended = command("sandbox", "--fail", "101")
        assert (ended.code, verbs.asked) == (2, [])
        assert "share of failures of 101.0" in ended.err


class TestDesk:
    """`bulk-loader desk`."""

    def test_starts_as_it_is_told(self, command: Command, verbs: FakeVerbs) -> None:
        """A week and a browser are the usual; a fault of the program is written down."""
        ended = command("desk", "--config", "x.toml")
        usual = DeskOptions(
            8090, {"config": "x.toml"}, timedelta(days=7), crash_error, logged=logbook
        )
        assert verbs.asked == [("desk", usual, True)]
        assert (ended.code, ended.out, ended.err) == (0, "", "The desk is open.\n")
        command("desk", "--port", "0", "--keep", "1d", "--no-browser")
        other = DeskOptions(0, {}, timedelta(days=1), crash_error, logged=logbook)
        assert verbs.asked[1:] == [("desk", other, False)]

    def test_is_for_a_team_where_it_is_told_so(self, command: Command, verbs: FakeVerbs) -> None:
        """Names and proxies are given one by one."""
        reach = (
            "--host-name",
            "a.example",
            "--host-name",
            "b.example",
            "--trust-proxy",
            "10.0.0.1",
        )
        more = ("--root-path", "/x", "--tls-cert", "c.pem", "--tls-key", "k.pem", "--idle", "1h")
        command("desk", "--host", "0.0.0.0", "--password-file", "pw", *reach, *more)
        told = DeskOptions(
            8090,
            {},
            timedelta(days=7),
            crash_error,
            Reach(
                "0.0.0.0",
                ("a.example", "b.example"),
                "/x",
                ("10.0.0.1",),
                Path("c.pem"),
                Path("k.pem"),
            ),
            Path("pw"),
            timedelta(hours=1),
            logbook,
        )
        assert verbs.asked == [("desk", told, True)]

    def test_a_password_comes_through_standard_input(
        self, command: Command, verbs: FakeVerbs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Never by an option, which every user of the machine could read."""
        monkeypatch.setattr("sys.stdin", io.StringIO("five words of some kind\n"))
        ended = command("desk", "--set-password", "--password-file", "pw")
        assert verbs.asked == [("set_password", Path("pw"), "five words of some kind\n")]
        assert (ended.code, ended.out) == (0, "")
        assert ended.err.startswith("The hash of the password stands in pw.")

    def test_a_password_without_a_file_is_not_asked_for(
        self, command: Command, verbs: FakeVerbs
    ) -> None:
        """The option that lacks is named."""
        ended = command("desk", "--set-password")
        assert (ended.code, verbs.asked) == (2, [])
        assert "--set-password --password-file" in ended.err

    @pytest.mark.parametrize(
        "wrong",
        [
            ("--port", "65536"),
            ("--keep", "soon"),
            ("--idle", "5"),
            ("--host", "0.0.0.0"),
            ("--host", "a b"),
            ("--root-path", "x"),
            ("--tls-key", "k.pem"),
        ],
    )
    def test_a_figure_that_is_none_is_told(
        self, command: Command, verbs: FakeVerbs, wrong: tuple[str, str]
    ) -> None:
        """Nothing is opened with another one than was meant."""
        ended = command("desk", *wrong)
        assert (ended.code, verbs.asked) == (2, [])
        assert ended.err.startswith("Error: The desk can't start")


def test_init_prints_where_it_wrote(command: Command, verbs: FakeVerbs) -> None:
    """The path is data, the next step is for the person."""
    ended = command("init")
    assert (ended.code, ended.out) == (0, "/lists/bulk_loader.toml\n")
    assert ended.err.startswith("Next: fill it in")
    assert verbs.asked == [("init", {})]


def test_sample_prints_what_it_wrote_and_the_next_command(
    command: Command, verbs: FakeVerbs
) -> None:
    """The next command can be given as it stands, wherever the samples are."""
    ended = command("sample")
    assert (ended.code, ended.out) == (0, "/lists/sample_files/damaged.xlsx\n")
    assert ended.err == "Next: bulk-loader check sample_files/damaged.xlsx\n"
    assert command("sample", "/my lists").err == (
        "Next: bulk-loader check '/my lists/damaged.xlsx'\n"
    )
    assert verbs.asked == [("sample", Path("sample_files")), ("sample", Path("/my lists"))]


def test_template_passes_on_file_profile_and_campaigns(command: Command, verbs: FakeVerbs) -> None:
    """The name of the file has a default, campaigns may be several."""
    ended = command("template")
    assert (ended.code, ended.out) == (0, "/lists/leads.xlsx\n")
    command("template", "a.xlsx", "--profile", "p", "--campaign", "X", "--campaign", "Y")
    assert verbs.asked == [
        ("template", Path("leads.xlsx"), {}, ()),
        ("template", Path("a.xlsx"), {"profile": "p"}, ("X", "Y")),
    ]


def test_an_error_is_told_in_three_parts_with_its_exit_code(
    command: Command, verbs: FakeVerbs
) -> None:
    """What happened, why, and what to do, on standard error only."""

    def meanwhile(_watch: Watch) -> None:
        raise SourceError("No file none.csv.", "There is none in /lists.", "Correct the path.")

    verbs.meanwhile = meanwhile
    ended = command("upload", "none.csv", "--quiet")
    assert ended.code == 3
    assert ended.out == ""
    assert ended.err == "Error: No file none.csv.\nThere is none in /lists.\nCorrect the path.\n"


def test_a_file_name_with_spaces_can_be_copied_from_the_next_step(
    command: Command, verbs: FakeVerbs
) -> None:
    """Names are quoted as a shell needs them."""
    verbs.report = replace(REPORT, source=replace(SOURCE, path=Path("/my lists/a.csv")))
    assert "bulk-loader upload '/my lists/a.csv'" in command("check", "a.csv").out


def test_columns_of_alternatives_stand_on_one_line(command: Command, verbs: FakeVerbs) -> None:
    """Several columns of one field are listed together."""
    columns = replace(REPORT.columns, columns={Field.ALTERNATIVES: ("Home", "Work")})
    verbs.report = replace(REPORT, columns=columns)
    assert "  alternatives <- Home, Work\n" in command("check", "a.csv").out
