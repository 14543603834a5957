"""What the dialer knows us by: from where it comes, and how it gets into the keyring and out again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bulk_loader.desk.rendering import Told
from bulk_loader.settings import load_settings
from bulk_loader.workflows import login

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from bulk_loader.desk.visit import Visit
    from bulk_loader.settings import Settings
    from bulk_loader.workflows.login import Login


def show(visit: Visit) -> Response:
    """Which credentials a run would use, and how a login ended that was begun here."""
    profile = visit.named.get("profile", "")
    work = visit.office.logins.find(visit.query.get("login", ""))
    done = None if work is None else work.wait()
    if work is not None and done is None:
        return visit.show("credentials_waiting.html", profile=profile)
    if done is not None and done.error is not None:
        return _show(visit, profile, None, [Told.of(done.error)])
    return _show(visit, profile, done.result if done else None)


def log_in(visit: Visit) -> Response:
    """Begin to keep a secret in the keyring; it is in no answer, and in no address."""
    profile, user, secret = (visit.text(name).strip() for name in ("profile", "user", "secret"))
    if not secret:
        told = Told("Type the token or the password.", "Nothing was kept.", "", "secret")
        return _show(visit, profile, None, [told])
    name = visit.office.logins.start(_settings(visit, profile, user), secret)
    return visit.go_to(f"{_address(profile)}?login={name}")


def log_out(visit: Visit) -> Response:
    """Take what was kept out of the keyring."""
    profile = visit.text("profile")
    was_there = login.log_out(_settings(visit, profile))
    return visit.go_to(f"{_address(profile)}?done={'forgotten' if was_there else 'nothing'}")


def _settings(visit: Visit, profile: str, user: str = "") -> Settings:
    named = {"profile": profile} if profile else {}
    given = {"user": user} if user else {}
    return load_settings({**visit.office.options.flags, **named, **given})


def _address(profile: str) -> str:
    return "/settings/credentials" + (f"/{quote(profile, safe='')}" if profile else "")


def _show(visit: Visit, profile: str, kept: Login | None, errors: Sequence[Told] = ()) -> Response:
    settings = _settings(visit, profile)
    found = None
    if settings.base_url is not None:
        found = visit.office.statuses.ask(profile, lambda: login.login_status(settings))
    return visit.show(
        "credentials.html",
        status=422 if errors else 200,
        errors=errors,
        profile=profile,
        dialer=settings.base_url,
        user=visit.text("user") or settings.user or "",
        kept=kept,
        is_bare=visit.office.options.reach.is_bare,
        found=found.result if found else None,
        lacking=Told.of(found.error) if found and found.error else None,
        done=visit.query.get("done", ""),
    )
