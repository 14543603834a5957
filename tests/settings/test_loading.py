from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.model import Field
from bulk_loader.settings import BadLeadLimit, HoursTable, Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping


def load(directory: Path, environ: Any = None, **flags: object) -> Settings:
    """Settings as the command line would load them in a directory."""
    return load_settings(flags, environ=environ or {}, directory=directory)


def faults(directory: Path, environ: Any = None, **flags: object) -> list[str]:
    """The lines of the error that these settings give."""
    with pytest.raises(SettingsError) as caught:
        load(directory, environ, **flags)
    return caught.value.why.splitlines()


def write(directory: Path, text: str) -> Path:
    """A settings file in a directory."""
    path = directory / "bulk_loader.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_flag_wins_over_variable_over_profile_over_file_over_default(directory: Path) -> None:
    """Each place hides those below it, and `origin` names the one that won."""
    path = write(
        directory,
        """
        campaign = "file"
        agent = "file"
        data = "file"
        source = "file"
        [profile.prod]
        campaign = "profile"
        agent = "profile"
        data = "profile"
        """,
    )
    environ = {"BULK_LOADER_CAMPAIGN": "variable", "BULK_LOADER_AGENT": "variable"}
    settings = load(directory, environ, profile="prod", campaign="flag")
    told = [
        (getattr(settings, key), settings.origin(key))
        for key in ("campaign", "agent", "data", "source", "calldate")
    ]
    assert told == [
        ("flag", "--campaign"),
        ("variable", "BULK_LOADER_AGENT"),
        ("profile", f'"data" in [profile.prod] of {path}'),
        ("file", f'"source" in {path}'),
        ("", "the default"),
    ]


def test_map_is_merged_field_by_field(directory: Path) -> None:
    """A flag for one field leaves the profile's word about the others in force."""
    write(
        directory,
        """
        [map]
        data = "Notes"
        [profile.prod.map]
        agent = "Vendor"
        alternatives = ["Home", "Work"]
        """,
    )
    settings = load(directory, profile="prod", map=("AGENT=Seller", "destination=Tel = 1"))
    assert settings.map == {
        Field.DATA: ("Notes",),
        Field.AGENT: ("Seller",),
        Field.ALTERNATIVES: ("Home", "Work"),
        Field.DESTINATION: ("Tel = 1",),
    }


def test_map_takes_several_columns_from_flags_and_variables(directory: Path) -> None:
    """Repeating a field gathers its columns; a variable separates them by semicolons."""
    flags = load(directory, map=("alternatives=Home", "alternatives=Work"))
    variable = load(directory, {"BULK_LOADER_MAP": "alternatives=Home;alternatives=Work;"})
    assert flags.map == variable.map == {Field.ALTERNATIVES: ("Home", "Work")}


def test_reads_every_kind_of_value_from_variables(directory: Path) -> None:
    """Variables are text only, and become what the setting needs; an empty one is none."""
    settings = load(
        directory,
        {
            "BULK_LOADER_BULK": "true",
            "BULK_LOADER_CONCURRENCY": "16",
            "BULK_LOADER_RATE": "2.5",
            "BULK_LOADER_RETRY_FOR": "10m",
            "BULK_LOADER_MAX_ERRORS": "5%",
            "BULK_LOADER_DELIMITER": "tab",
            "BULK_LOADER_SUPPRESS": "no.txt:/lists/never.csv",
            "BULK_LOADER_CAMPAIGN": "",
            "OTHER": "1",
        },
    )
    assert settings.bulk is True
    assert (settings.concurrency, settings.rate) == (16, 2.5)
    assert settings.retry_for == timedelta(minutes=10)
    assert settings.max_errors == BadLeadLimit(5, is_percent=True)
    assert settings.delimiter == "\t"
    assert settings.suppress == (directory / "no.txt", Path("/lists/never.csv"))
    assert settings.origin("campaign") == "the default"


def test_numbers_in_toml_are_text_where_text_is_meant(directory: Path) -> None:
    """`agent = 1001` means the extension 1001, and is no fault."""
    write(directory, "agent = 1001\nheader_row = 3")
    settings = load(directory)
    assert (settings.agent, settings.header_row) == ("1001", 3)


def test_paths_begin_where_they_were_written(directory: Path, config_home: Path) -> None:
    """A path in the settings file is seen from that file, any other from the working directory."""
    write(
        config_home,
        """
        token_file = "token"
        schema_file = "rules.yaml"
        suppress = "never.txt"
        [calling_hours]
        holidays = "holidays.txt"
        """,
    )
    settings = load(directory, results="out.csv", home="~/ledger")
    assert settings.token_file == config_home / "token"
    assert settings.schema_file == str(config_home / "rules.yaml")
    assert settings.suppress == (config_home / "never.txt",)
    assert settings.calling_hours is not None
    assert settings.calling_hours.holidays == config_home / "holidays.txt"
    assert settings.results == directory / "out.csv"
    assert settings.home == Path("~/ledger").expanduser()


def test_hours_of_a_country_can_be_given_in_every_place(directory: Path) -> None:
    """One short text does on the command line and in a variable, and wins over a table below."""
    write(directory, '[calling_hours]\nzone = "UTC"\nmonday = "09:00-18:00"')
    for settings in (
        load(directory, calling_hours="country:CO"),
        load(directory, {"BULK_LOADER_CALLING_HOURS": "country:co"}),
    ):
        assert settings.calling_hours == HoursTable(country="CO")


def test_a_schema_in_a_module_is_no_path(directory: Path) -> None:
    """`module:object` stays as it was written."""
    assert load(directory, schema_file="rules:leads").schema_file == "rules:leads"


def test_tells_every_fault_at_once_with_its_place(directory: Path) -> None:
    """One look at the message is enough to correct all of it, wherever it stands."""
    path = write(
        directory,
        """
        campain = "X"
        retry_for = "5x"
        tidy_phones = "maybe"
        canary = true
        [map]
        fone = "Tel"
        [calling_hours]
        monday = "9-5"
        [profile.prod]
        rate = 0
        agent = [1]
        """,
    )
    environ = {"BULK_LOADER_PAST_DATES": "never"}
    told = faults(
        directory, environ, profile="prod", map=("agent",), concurrency="many", max_errors="200%"
    )
    assert sorted(told) == sorted(
        [
            f'"campain" in {path}: there is no setting of that name. Is campaign meant?',
            (
                f'"retry_for" in {path}: 5x is not a length of time: '
                "write 7d, 12h, 30m, 45s, or a number of seconds."
            ),
            f'"tidy_phones" in {path}: maybe is neither true nor false.',
            f'"canary" in {path}: True is not a number.',
            (
                f'"map" in {path}: it names fone, which is no field. '
                "The fields: calldate, campaign, destination, alternatives, agent, data, source, "
                "bulk, automatic."
            ),
            f'"calling_hours" in {path}, monday: 9-5 is not a span of hours: write "09:00-18:00".',
            f'"rate" in [profile.prod] of {path}: 0 must be greater than 0.',
            f'"agent" in [profile.prod] of {path}: [1] is not a text.',
            "BULK_LOADER_PAST_DATES: never is none of keep, now or reject.",
            "--map: it names a field without a column: write FIELD=COLUMN, such as agent=Vendor.",
            '--concurrency: many is not a whole number from 1 to 512, nor "auto".',
            "--max-errors: 200% is more than 100 %.",
        ]
    )


def test_says_how_many_settings_are_wrong(directory: Path) -> None:
    """The first line counts, the last one says what to do."""
    with pytest.raises(SettingsError) as caught:
        load(directory, concurrency=0, canary=-1)
    assert caught.value.what == "2 settings are wrong."
    assert caught.value.remedy == "Correct what is named, then run the same command again."


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("encoding", "latin-99", "is not an encoding"),
        ("encoding", "rot13", "is not an encoding"),
        ("delimiter", ";;", "is not a delimiter"),
        ("delimiter", "a", "is not a delimiter"),
        ("timezone", "Montevideo", "is not a time zone"),
        ("timezone", "../etc/passwd", "is not a time zone"),
        ("phone_region", "Uruguay", "is not a country"),
        ("date_format", "dd/mm/yyyy", "is not a format of dates"),
        ("concurrency", 513, "is not a whole number from 1 to 512"),
        ("concurrency", True, "is not a whole number from 1 to 512"),
        ("rate", "inf", "must be a finite number"),
        ("max_errors", "few", "is not a limit"),
        ("max_errors", -1, "is not a limit"),
        ("read_timeout", "0s", "must be longer than nothing"),
        ("batch_size", 0, "must be greater than or equal to 1"),
        ("map", "agent", "is not a table"),
        ("map", {"agnet": "V"}, "it names agnet, which is no field. Is agent meant?"),
        ("map", {"agent": []}, "it names a field without a column"),
        ("map", {"agent": 5}, "it names a field without a column"),
        ("instance", "a/b", "is not the name of an instance"),
        ("instance", "ana:s3cret@mine", "--instance: it is not the name of an instance"),
        ("calling_hours", "9-5", 'is no country: write "country:CO", or hours of your own'),
        ("calling_hours", 9, "is not a table"),
        ("calling_hours", "country:UY", "it names UY, whose hours are not known; known are CO,"),
        ("calling_hours", "country:Colombia", "country: Colombia is not a country"),
        ("calling_hours", {"mondy": "9:00-17:00"}, "mondy: 9:00-17:00 is given to a key that"),
        ("agent", {}, "it is not a text"),
        ("no_such_thing", 1, "there is no setting of that name."),
    ],
)
def test_refuses_a_value_with_its_reason(
    directory: Path, key: str, value: object, reason: str
) -> None:
    """A wrong value is named with its place and the reason, and never replaced by another."""
    (told,) = faults(directory, **{key: value})
    assert told.startswith(f"--{key.replace('_', '-')}")
    assert reason in told


@pytest.mark.parametrize(
    ("key", "written", "value"),
    [
        ("encoding", "latin1", "iso8859-1"),
        ("delimiter", r"\t", "\t"),
        ("delimiter", "semicolon", ";"),
        ("map", {"Agent": "V"}, {Field.AGENT: ("V",)}),
        ("map", ["calldate=", "agent=V"], {Field.CALLDATE: ("",), Field.AGENT: ("V",)}),
        ("timezone", "America/Montevideo", "America/Montevideo"),
        ("phone_region", "uy", "UY"),
        ("read_timeout", "90s", timedelta(seconds=90)),
        ("concurrency", "AUTO", "auto"),
        ("max_errors", 20, BadLeadLimit(20)),
        ("max_errors", BadLeadLimit(20), BadLeadLimit(20)),
        ("date_format", "%d/%m/%Y", "%d/%m/%Y"),
    ],
)
def test_takes_a_value_however_it_is_written(
    directory: Path, key: str, written: object, value: object
) -> None:
    """What can only mean one thing is taken as that."""
    assert getattr(load(directory, **{key: written}), key) == value


class TestSettingsFile:
    """Where bulk_loader.toml is found, and what is said where it is not right."""

    def test_working_directory_comes_before_the_configuration_directory(
        self, directory: Path, config_home: Path
    ) -> None:
        """The first file found is the only one read."""
        write(config_home, 'campaign = "home"\nagent = "1"')
        assert load(directory).campaign == "home"
        write(directory, 'campaign = "here"')
        assert (load(directory).campaign, load(directory).agent) == ("here", "")

    def test_a_named_file_is_the_only_one_read(self, directory: Path) -> None:
        """`--config` and its variable lead past the usual places."""
        write(directory, 'campaign = "usual"')
        (directory / "other.toml").write_text('\ufeffcampaign = "named"', "utf-8")
        assert load(directory, config="other.toml").campaign == "named"
        assert load(directory, {"BULK_LOADER_CONFIG": "other.toml"}).campaign == "named"

    def test_wrong_syntax_names_file_and_line(self, directory: Path) -> None:
        """A slip in TOML is told with the file and the line."""
        path = write(directory, "campaign = Sales\n")
        with pytest.raises(SettingsError, match="is not written as TOML") as caught:
            load(directory)
        assert str(path) in caught.value.what
        assert "line 1" in caught.value.why

    def test_an_encoding_that_is_not_utf8_is_named(self, directory: Path) -> None:
        """An editor's Windows encoding is told as such."""
        (directory / "bulk_loader.toml").write_bytes('campaign = "Campaña"'.encode("cp1252"))
        with pytest.raises(SettingsError) as caught:
            load(directory)
        assert caught.value.why == "It is not encoded in UTF-8."

    def test_a_named_file_that_is_missing_stops(self, directory: Path) -> None:
        """A wrong path after `--config` is never ignored."""
        with pytest.raises(SettingsError, match=r"none\.toml can't be read") as caught:
            load(directory, config="none.toml")
        assert caught.value.why == "The system says: No such file or directory."

    def test_an_unknown_profile_names_the_nearest(self, directory: Path) -> None:
        """A typo in the profile's name is answered with the one that was meant."""
        write(directory, "[profile.production]\n[profile.trial]\n")
        with pytest.raises(SettingsError) as caught:
            load(directory, profile="prodution")
        assert caught.value.why.endswith("has these profiles: production, trial.")
        assert caught.value.remedy.startswith("Is production meant? ")

    def test_a_profile_that_is_like_no_other_gets_the_list(self, directory: Path) -> None:
        """Nothing is suggested that nobody can have meant."""
        write(directory, "campaign = 'X'")
        with pytest.raises(SettingsError) as caught:
            load(directory, profile="qa")
        assert caught.value.why.endswith("has these profiles: none.")
        assert caught.value.remedy.startswith("Add a table [profile.qa]")

    def test_a_profile_without_any_file_says_where_it_looked(self, directory: Path) -> None:
        """Both places are named where there is no file in either."""
        with pytest.raises(SettingsError) as caught:
            load(directory, {"BULK_LOADER_PROFILE": "prod"})
        assert str(directory) in caught.value.why
        assert caught.value.remedy == "Write one with: bulk-loader init"

    def test_a_profile_key_that_is_no_table_is_refused(self, directory: Path) -> None:
        """`profile = "x"` would be ignored in silence, so it is told."""
        write(directory, 'profile = "prod"')
        with pytest.raises(SettingsError, match="named profile that is no table"):
            load(directory)

    @pytest.mark.parametrize("key", ["token", "password"])
    def test_a_secret_in_the_file_is_refused_and_not_shown(self, directory: Path, key: str) -> None:
        """A file that is copied and shared holds no secret, and no error repeats it."""
        write(directory, f'{key} = "s3cret"')
        (told,) = faults(directory)
        assert f"BULK_LOADER_{key.upper()}" in told
        assert "s3cret" not in told


class TestTarget:
    """Which dialer wins where several places name one."""

    def test_the_highest_place_that_names_a_dialer_wins_whole(self, directory: Path) -> None:
        """A flag for another dialer is not in conflict with the profile's own."""
        write(directory, '[profile.prod]\ninstance = "acme"')
        assert load(directory, profile="prod").base_url == "https://acme.ucontactcloud.com"
        flag = load(directory, profile="prod", url="https://other.example")
        assert (flag.base_url, flag.instance) == ("https://other.example", None)
        sandbox = load(directory, profile="prod", sandbox=True)
        assert (sandbox.base_url, sandbox.sandbox) == (None, True)

    def test_two_dialers_in_one_place_contradict_each_other(self, directory: Path) -> None:
        """Which of two is meant is never guessed."""
        told = faults(directory, url="https://a.example", instance="b", sandbox=True)
        assert told == ["--url: contradicts --instance and --sandbox: name one dialer."]

    def test_a_secret_in_the_address_is_not_shown(self, directory: Path) -> None:
        """The error about a password in the address does not repeat it."""
        (told,) = faults(directory, url="https://me:s3cret@acme.example")
        assert "s3cret" not in told

    def test_http_needs_the_users_word(self, directory: Path) -> None:
        """An address without encryption is taken only with `allow_http`, wherever that stands."""
        (told,) = faults(directory, url="http://dialer.lan")
        assert "unencrypted" in told
        environ = {"BULK_LOADER_ALLOW_HTTP": "yes"}
        assert load(directory, environ, url="http://dialer.lan").base_url == "http://dialer.lan"

    def test_a_run_without_a_dialer_is_told_where_one_could_stand(self, directory: Path) -> None:
        """No dialer at all is a fault only where something is to be sent."""
        settings = load(directory)
        with pytest.raises(SettingsError, match="No dialer given") as caught:
            settings.require_target()
        assert "--instance" in caught.value.why
        load(directory, sandbox=True).require_target()
        load(directory, instance="acme").require_target()


def test_says_where_a_missing_value_was_looked_for(directory: Path) -> None:
    """All places are named, and whether the file was there."""
    assert load(directory).where_looked("campaign") == (
        "Looked at --campaign, BULK_LOADER_CAMPAIGN, and bulk_loader.toml (there is none)."
    )
    write(directory, "")
    assert load(directory).where_looked("campaign") == (
        'Looked at --campaign, BULK_LOADER_CAMPAIGN, and "campaign" in bulk_loader.toml '
        "(found, no such key)."
    )


class TestRemembered:
    """The snapshot that the ledger keeps of a run's settings."""

    FLAGS: Mapping[str, Any] = {
        "instance": "acme",
        "campaign": "POWER<-",
        "map": ("alternatives=Home", "alternatives=Work"),
        "retry_for": "90m",
        "max_errors": "2.5%",
        "concurrency": "auto",
        "suppress": ("never.txt",),
        "delimiter": "tab",
        "calling_hours": {"zone": "UTC", "monday": "09:00-18:00"},
    }

    def test_survives_json_and_comes_back_the_same(self, directory: Path) -> None:
        """What was remembered gives the same settings again, from anywhere."""
        first = load(directory, **self.FLAGS)
        snapshot = json.loads(json.dumps(first.remembered()))
        again = load_settings({}, environ={}, directory=directory.parent, remembered=snapshot)
        assert again.model_dump() == first.model_dump()
        assert again.remembered() == snapshot
        assert again.origin("campaign") == '"campaign" of the first upload'

    def test_holds_no_secret_nor_where_it_stands(self, directory: Path) -> None:
        """Nothing in the snapshot opens the dialer, or leads to what does."""
        settings = load(
            directory,
            {"BULK_LOADER_TOKEN": "s3cret", "BULK_LOADER_PASSWORD": "s3cret"},
            token_file="t",
            password_file="p",
            user="me",
        )
        assert settings.remembered() == {"user": "me"}

    def test_a_new_flag_wins_over_the_snapshot_and_that_over_variables(
        self, directory: Path
    ) -> None:
        """Settings given again override the remembered ones, another day's variables don't."""
        settings = load_settings(
            {"campaign": "flag"},
            environ={"BULK_LOADER_AGENT": "2", "BULK_LOADER_TOKEN": "t", "BULK_LOADER_URL": "x"},
            directory=directory,
            remembered={"campaign": "first", "agent": "1", "sandbox": True},
        )
        assert (settings.campaign, settings.agent, settings.sandbox) == ("flag", "1", True)
        assert settings.url is None
        assert settings.token is not None


def test_settings_made_directly_read_nothing_else(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Python API's settings have no hidden input."""
    monkeypatch.setenv("BULK_LOADER_CAMPAIGN", "hidden")
    monkeypatch.setenv("CAMPAIGN", "hidden")
    monkeypatch.chdir(directory)
    write(directory, 'campaign = "hidden"')
    assert Settings(agent="1").campaign == ""
    assert load_settings({}).campaign == "hidden"


def test_settings_can_not_be_changed(directory: Path) -> None:
    """A run's settings are the same from its beginning to its end."""
    with pytest.raises(ValueError, match="frozen"):
        load(directory).campaign = "other"


def test_a_map_given_directly_is_checked_too() -> None:
    """The Python API takes the same table as the settings file."""
    assert Settings(map={"agent": ["V"]}).map == {Field.AGENT: ("V",)}
    with pytest.raises(ValueError, match="is not a table"):
        Settings(map="agent=V")  # type: ignore[arg-type]


def test_an_unknown_argument_is_refused() -> None:
    """A typo in the Python API is told, not ignored."""
    with pytest.raises(ValueError, match="campain"):
        Settings(campain="X")  # type: ignore[call-arg]


def test_a_user_that_does_not_exist_is_a_name_like_any_other(directory: Path) -> None:
    """`~` before it stands as it does in a shell, and the file is looked for under that name."""
    settings = load(directory, results="~no such user/out.csv", suppress=["~no such user"])
    assert settings.results == directory / "~no such user" / "out.csv"
    assert settings.suppress == (directory / "~no such user",)


def test_a_text_that_is_none_is_refused(directory: Path) -> None:
    """Bytes that are no letters can't be part of a task."""
    told = faults(directory, campaign="caf\udce9", agent=7)
    assert told == ["--campaign: caf\udce9 is no text in the encoding of this system."]


def test_a_working_directory_that_is_gone_is_named(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings are searched there, so nothing goes on without it."""
    gone = directory / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(SettingsError, match="working directory"):
        load_settings({})
