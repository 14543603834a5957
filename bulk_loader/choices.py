"""Closed lists of words that a user may choose from, for whoever asks and whoever obeys."""

from __future__ import annotations

from enum import StrEnum


class AuthScheme(StrEnum):
    """How the token is presented; DialerTask is documented with Basic."""

    BASIC = "basic"
    BEARER = "bearer"


class LoginPath(StrEnum):
    """The two ways to log in that are known; older instances have the second."""

    GET_USER_TOKEN = "getUserToken"  # noqa: S105 - a path, not a secret
    USER_LOGIN = "UserLogin"

    @property
    def path(self) -> str:
        """Path below the dialer's address."""
        return f"/Integra/resources/auth/{self.value}"

    @property
    def other(self) -> LoginPath:
        """The way that an instance has which lacks this one."""
        return next(path for path in LoginPath if path is not self)


class LoginShape(StrEnum):
    """How the sandbox answers a login, as dialers were seen to do.

    The last three are of instances that have no `getUserToken`.
    """

    BARE = "bare"
    QUOTED = "quoted"
    LIST = "list"
    OLD_THIRD = "userlogin-third"
    OLD_LAST = "userlogin-last"
    OLD_OBJECT = "userlogin-object"


class SessionEnd(StrEnum):
    """Where the sandbox looks for the token of a session that is to end."""

    ANY = "any"
    FORM = "form"
    QUERY = "query"


class DataSeparators(StrEnum):
    """What becomes of a `:`, a `=` or a line break in a value that a template puts into `data`.

    No escape is documented for the grammar of `data`, so such a value breaks the agent's form.
    """

    SPACE = "space"
    REJECT = "reject"
    KEEP = "keep"


class HiddenRows(StrEnum):
    """What becomes of rows that are hidden or filtered away in a workbook."""

    ASK = "ask"
    SKIP = "skip"
    SEND = "send"


class PhoneFormat(StrEnum):
    """How a number is written for the dialer."""

    AS_IS = "as_is"
    E164 = "e164"
    NATIONAL = "national"


class PastDates(StrEnum):
    """What becomes of a lead whose `calldate` has passed."""

    KEEP = "keep"
    NOW = "now"
    REJECT = "reject"


class SimilarCampaigns(StrEnum):
    """What becomes of a list in which one campaign is nearly another."""

    ASK = "ask"
    SEND = "send"


class OddRows(StrEnum):
    """What becomes of a row that sums up others, or whose number is unlike all others."""

    REJECT = "reject"
    SEND = "send"


class Duplicates(StrEnum):
    """What becomes of the second lead of a file with one campaign and number."""

    SKIP = "skip"
    SEND = "send"


class LogFormat(StrEnum):
    """How a line of the log is written."""

    TEXT = "text"
    JSON = "json"


class AlertOn(StrEnum):
    """Which nights of a job somebody is told of."""

    FAILURE = "failure"
    ALWAYS = "always"
    CHANGE = "change"


class NoFile(StrEnum):
    """What a job calls a night for which no file has come."""

    FAIL = "fail"
    OK = "ok"


class Scheduler(StrEnum):
    """What of a system runs jobs at their time."""

    CRON = "cron"
    SYSTEMD = "systemd"
    WINDOWS = "windows"
