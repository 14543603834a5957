"""What a run is told, from all places, checked as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, PrivateAttr

from bulk_loader import choices
from bulk_loader.errors import SettingsError
from bulk_loader.ledger_place import LedgerPlace
from bulk_loader.settings import (
    dialer_groups,
    hours,
    list_groups,
    load_limits,
    run_groups,
    telling_groups,
    values,
)
from bulk_loader.settings.credentials import GivenCredentials, exposed_secrets, read_credentials
from bulk_loader.settings.faults import SECRETS, SettingFault, faults_error
from bulk_loader.settings.groups import SETTINGS
from bulk_loader.settings.home import FILE_NAME
from bulk_loader.settings.kept import credentials_kept
from bulk_loader.settings.profiles import ProfileFile
from bulk_loader.settings.sources import Layer, flag_of, variable_of
from bulk_loader.settings.statements import SHAPING, Setting
from bulk_loader.settings.system_keyring import SecretStore, SystemKeyring
from bulk_loader.settings.target import INSTANCE_HOST

if TYPE_CHECKING:
    from pathlib import Path

# Not part of a snapshot: secrets and where they stand, and what belongs to one command only.
_FORGOTTEN = {name for name, setting in SETTINGS.items() if not setting.is_remembered}

KEYRING = "the keyring"
"""What is named as the origin of credentials that stand nowhere else."""


class Settings(
    dialer_groups.TargetSettings,
    telling_groups.TellingSettings,  # before the group that decides about its address
    dialer_groups.CredentialSettings,
    dialer_groups.ProfileSettings,
    list_groups.FieldSettings,
    list_groups.ReadingSettings,
    list_groups.ScreeningSettings,
    run_groups.DeliverySettings,
    run_groups.OutputSettings,
    run_groups.ReportSettings,
    run_groups.KeepingSettings,
    run_groups.LogSettings,
    run_groups.KeySettings,
    BaseModel,
):
    """Everything that a run is told; made by `load_settings`, or directly from values.

    Made directly, it takes nothing but its arguments: no variable and no file is read. Texts will
    do for secrets, paths, lengths of time ("7d") and choices ("skip").
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, arbitrary_types_allowed=True
    )

    _layers: tuple[Layer, ...] = PrivateAttr(default=())
    _file: ProfileFile = PrivateAttr(default=ProfileFile(None, ()))
    _keyring: SecretStore | None = PrivateAttr(default=None)

    @property
    def base_url(self) -> str | None:
        """Address of the dialer; None for the sandbox and where no dialer was named."""
        return INSTANCE_HOST.format(name=self.instance) if self.instance else self.url

    @property
    def ledger_place(self) -> LedgerPlace:
        """Where the ledger is."""
        url = self.ledger.get_secret_value() if self.ledger else None
        return LedgerPlace(self.home, self.key_file, url, self.retry_for.total_seconds())

    @property
    def keyring(self) -> SecretStore | None:
        """Where credentials may be kept; None for settings that were made directly."""
        return self._keyring

    @property
    def origin_of_credentials(self) -> str:
        """Where the secret comes from that a dialer would be shown, as `origin` says it."""
        keys = ("token", "token_file", "password", "password_file")
        return next((self.origin(key) for key in keys if getattr(self, key)), KEYRING)

    def told_by(self, layers: tuple[Layer, ...], file: ProfileFile) -> Self:
        """These settings, knowing from now on which place gave what, and of the system's keyring."""
        self._layers, self._file = layers, file
        return self.asking(SystemKeyring())

    def asking(self, keyring: SecretStore) -> Self:
        """These settings; the keyring is asked where credentials are needed and none were given."""
        self._keyring = keyring
        return self

    def origin(self, key: str) -> str:
        """Where the value came from, such as `--campaign`; "the default" where nobody gave one."""
        return next((layer.place(key) for layer in self._layers if layer.gives(key)), "the default")

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of the places that the settings came from."""
        keys = ("token_file", "password_file", "alerts_file")
        files: dict[str, Path | None] = {key: getattr(self, key) for key in keys}
        # What is handed over is as readable as whoever hands it over makes it.
        own = [file for key, file in files.items() if file and self.origin(key) != str(file)]
        return (*self._file.notes, *exposed_secrets(own))

    def where_looked(self, *keys: str) -> str:
        """A sentence that names every place where one of these settings could have stood."""
        written = [key for key in keys if key not in SECRETS]
        places = [*map(flag_of, written), *map(variable_of, keys)]
        if self._file.path is None:
            file = f"{FILE_NAME} (there is none)"
        else:
            names = " or ".join(f'"{key}"' for key in written)
            file = f"{names} in {self._file.path.name} (found, no such key)"
        return f"Looked at {', '.join(places)}, and {file}."

    def require_target(self) -> None:
        """Make sure that a dialer was named.

        Raises:
            SettingsError: none was.
        """
        if self.base_url is None and not self.sandbox:
            raise SettingsError(
                "No dialer given.",
                self.where_looked("url").replace(
                    "--url", "--url, --instance, --sandbox, --profile"
                ),
                "Add one of them; for a trial without a dialer: --sandbox",
            )

    def require_credentials(self) -> GivenCredentials:
        """What the dialer knows us by, with the files of secrets read.

        Raises:
            SettingsError: there is neither a token nor a login, or what there is can't be used.
        """
        kept, lacking = self._kept_credentials()
        if kept is not None:
            return kept
        credentials, faults = read_credentials(self)
        if faults:
            raise faults_error(
                [SettingFault(self._place_of(fault.place), fault.wrong) for fault in faults]
            )
        if credentials.token is None and credentials.user is None:
            raise SettingsError(
                "No credentials given.",
                f"{self.where_looked('token', 'token_file')} {lacking}".rstrip(),
                "Keep them with: bulk-loader login. Or put the token into a file that only you can "
                "read and name it with --token-file, or set BULK_LOADER_TOKEN, or set user and "
                "BULK_LOADER_PASSWORD.",
            )
        return credentials

    def _kept_credentials(self) -> tuple[GivenCredentials | None, str]:
        """Those of the keyring, where no secret was given in any other place."""
        given = (self.token, self.token_file, self.password, self.password_file)
        if self._keyring is None or self.base_url is None or any(given):
            return None, ""
        return credentials_kept(self._keyring, self.base_url, self.profile, self.user)

    def _place_of(self, key: str) -> str:
        origin = self.origin(key)
        return key if origin == "the default" else origin

    def remembered(self) -> dict[str, Any]:
        """What was told, for the ledger: JSON values, no secret, only what is not a default."""
        told = self.model_fields_set - _FORGOTTEN
        return self.model_dump(mode="json", include=set(told))

    def shape(self) -> dict[str, Any]:
        """The settings that decide what the leads and their tasks are, as JSON values."""
        return self.model_dump(mode="json", include=set(self.shaping()))

    @classmethod
    def shaping(cls) -> frozenset[str]:
        """Names of these settings; see `settings.shape`."""
        return frozenset(name for name, setting in SETTINGS.items() if setting.role is SHAPING)


# The types that the groups only name, since their libraries are heavy.
Settings.model_rebuild(
    _types_namespace={
        **vars(choices),
        "Setting": Setting,
        "hours": hours,
        "load_limits": load_limits,
        "values": values,
    }
)
