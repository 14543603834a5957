"""What a run is told, from all places, checked as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import PrivateAttr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bulk_loader.errors import SettingsError
from bulk_loader.settings import groups
from bulk_loader.settings.credentials import Credentials, read_credentials
from bulk_loader.settings.faults import SECRETS, Fault, faults_error
from bulk_loader.settings.profiles import FILE_NAME, ProfileFile
from bulk_loader.settings.shape import Role, roles
from bulk_loader.settings.sources import Layer, flag_of, variable_of

if TYPE_CHECKING:
    from pydantic_settings import PydanticBaseSettingsSource

# Not part of a snapshot: secrets and where they stand, and what belongs to one command only.
_FORGOTTEN = SECRETS | {"token_file", "password_file", "home", "again", "results"}


class Settings(
    groups.TargetSettings,
    groups.CredentialSettings,
    groups.FieldSettings,
    groups.ReadingSettings,
    groups.ScreeningSettings,
    groups.DeliverySettings,
    groups.OutputSettings,
    BaseSettings,
):
    """Everything that a run is told; made by `load_settings`, or directly from values.

    Made directly, it takes nothing but its arguments: no variable and no file is read.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", validate_default=False, arbitrary_types_allowed=True
    )

    _layers: tuple[Layer, ...] = PrivateAttr(default=())
    _file: ProfileFile = PrivateAttr(default=ProfileFile(None, ()))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only the arguments; `load_settings` gives the other places explicitly."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    def told_by(self, layers: tuple[Layer, ...], file: ProfileFile) -> Self:
        """These settings, knowing from now on which place gave what."""
        self._layers, self._file = layers, file
        return self

    def origin(self, key: str) -> str:
        """Where the value came from, such as `--campaign`; "the default" where nobody gave one."""
        return next((layer.place(key) for layer in self._layers if key in layer()), "the default")

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

    def require_credentials(self) -> Credentials:
        """What the dialer knows us by, with the files of secrets read.

        Raises:
            SettingsError: there is neither a token nor a login, or what there is can't be used.
        """
        credentials, faults = read_credentials(self)
        if faults:
            raise faults_error(
                [Fault(self._place_of(fault.place), fault.wrong) for fault in faults]
            )
        if credentials.token is None and credentials.user is None:
            raise SettingsError(
                "No credentials given.",
                self.where_looked("token", "token_file"),
                "Put the token into a file that only you can read and name it with --token-file, "
                "or set BULK_LOADER_TOKEN, or set user and BULK_LOADER_PASSWORD.",
            )
        return credentials

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
        return frozenset(name for name, role in roles(cls).items() if role is Role.SHAPING)
