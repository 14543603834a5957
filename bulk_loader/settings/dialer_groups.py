"""What can be told of the dialer: where it is, what it is shown, and in which file all that stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.choices import AuthScheme, LoginPath
from bulk_loader.settings.paths import path_from
from bulk_loader.settings.statements import NEUTRAL, Group, HelpSection, Scope, Setting

if TYPE_CHECKING:
    # Known when `Settings` is built.
    from bulk_loader.settings import values


class TargetSettings(Group, section=HelpSection.DIALER, scope=Scope.LEADS):
    """Which dialer."""

    url: Setting[values.Url | None, str | None] = Setting(NEUTRAL, "Address of the dialer", "URL")
    instance: Setting[values.Instance | None, str | None] = Setting(
        NEUTRAL, "For https://NAME.ucontactcloud.com", "NAME"
    )
    sandbox: Setting[bool, bool] = Setting(
        NEUTRAL, "Start a dialer for trials inside the command", default=False
    )
    # Instead of the system's, so that who names one knows who is believed.
    ca_file: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "Certificates of the authorities that are believed",
        "FILE",
        if_unset="the system's",
        seen_from=path_from,
    )
    # Of one command: what was looked at then tells nothing now.
    online: Setting[bool, bool] = Setting(
        NEUTRAL,
        "Ask the dialer first whether it knows token and campaigns, and what waits",
        default=False,
        is_remembered=False,
    )


class CredentialSettings(Group, section=HelpSection.DIALER, scope=Scope.LEADS):
    """Who the dialer is to take us for; read with `credentials.read_credentials`."""

    # Of this group, and so checked before the address, which it decides about.
    allow_http: Setting[bool, bool] = Setting(
        NEUTRAL, "Send unencrypted to another machine", default=False
    )
    token: Setting[values.Secret | None, values.LikeSecret | None] = Setting(
        NEUTRAL,
        "Token of a user",
        is_secret=True,
        is_remembered=False,
        without_option="the shell's history and the list of processes would show it",
        without_key="a token does not stand here: set BULK_LOADER_TOKEN, or token_file to a file's path.",
    )
    token_file: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "File with the token; or set BULK_LOADER_TOKEN",
        "FILE",
        seen_from=path_from,
        is_remembered=False,
    )
    auth_scheme: Setting[AuthScheme, str] = Setting(
        NEUTRAL, "How the token is sent", default=AuthScheme.BASIC
    )
    user: Setting[values.Text | None, str | None] = Setting(
        NEUTRAL, "User whose password is exchanged for a token", "NAME"
    )
    password: Setting[values.Secret | None, values.LikeSecret | None] = Setting(
        NEUTRAL,
        "Password of the user",
        is_secret=True,
        is_remembered=False,
        without_option="the shell's history and the list of processes would show it",
        without_key=(
            "a password does not stand here: set BULK_LOADER_PASSWORD, or password_file to a "
            "file's path."
        ),
    )
    password_file: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "File with the password; or set BULK_LOADER_PASSWORD",
        "FILE",
        seen_from=path_from,
        is_remembered=False,
    )
    login: Setting[LoginPath, str] = Setting(
        NEUTRAL, "Interface that gives the token, asked first", default=LoginPath.GET_USER_TOKEN
    )


class ProfileSettings(Group, section=HelpSection.DIALER, scope=Scope.SETTINGS):
    """Which of the settings of the file."""

    profile: Setting[values.Text | None, str | None] = Setting(
        NEUTRAL,
        "The settings of [profile.NAME] in bulk_loader.toml",
        "NAME",
        without_key="a profile can't name another.",
    )


class FileSettings(Group, section=HelpSection.DIALER, scope=Scope.SETTINGS):
    """Where the file of the others is: known to options and variables, but no setting of a run."""

    config: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "Another file than bulk_loader.toml; by its schema it can run code",
        "FILE",
        seen_from=path_from,
        without_key="the file can't name another.",
    )
