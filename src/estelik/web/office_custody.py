"""If all is lost: who keeps shares of the office's secret, and the rehearsal of a raid.

No word of a share and no secret passes through a browser: what stands on a page can be read by whatever else
runs in it, and stays on the screen. The commands show and take shares at a terminal.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from litestar.response import Redirect

from estelik.errors import EstelikError
from estelik.web.entrance import AnyRequest
from estelik.web.office import entered, how_far, part_page
from estelik.web.route import does, shows
from estelik.web.signin import Form

if TYPE_CHECKING:
    from estelik.daily.errands import Errand
    from estelik.vault.drill import Drill
    from estelik.web.session import Session

_KIND: Final = "drill"
#: Seconds in which a drill of little is done.
_SOON: Final = 0.3
#: Seconds after which a custodian is asked again.
_YEAR: Final = 365 * 24 * 3600


@shows("/office/custody")
def custody(request: AnyRequest) -> Response[bytes]:
    """How the secret was shared out, who has confirmed a share, and the last drill."""
    return _page(request, entered(request, "custody"))


@does("/office/custody")
def confirm(request: AnyRequest, data: Form) -> Response[Any]:
    """Notes that a custodian has looked, and still has her share."""
    session = entered(request, "custody")
    number = data.get("share", "")
    try:
        session.casebook.vault.confirm(int(number) if number.isascii() and number.isdigit() else 0)
    except EstelikError as error:
        return _page(request, session, error)
    return Redirect("/office/custody", status_code=303)


@does("/office/custody/drill")
def drill(request: AnyRequest) -> Response[Any]:
    """Begins a drill: a copy of the office is lost, and brought back."""
    session = entered(request, "custody")
    casebook = session.casebook

    def act(told: Errand) -> Drill:
        return casebook.drill(told.at)

    session.errands.begin_told(_KIND, act).ended(_SOON)
    return Redirect("/office/custody", status_code=303)


@shows("/office/custody/progress")
def progress(request: AnyRequest) -> Response[Any]:
    """How far a drill has come: a part of the page; at its end, to the page."""
    return how_far(request, "custody", _KIND)


def _page(request: AnyRequest, session: Session, trouble: EstelikError | None = None) -> Response[bytes]:
    now = session.casebook.vault.office
    shares = []
    if now.custody is not None:
        due = time.time() - _YEAR
        for number in range(1, now.custody.shares + 1):
            when = now.custody.confirmed.get(number, 0)
            shares.append((number, when, when < due))
    return part_page(
        request,
        "custody",
        "office_custody.html.j2",
        trouble=trouble,
        secret=bool(now.secret),
        custody=now.custody,
        shares=shares,
        drilled=now.drilled,
        errand=session.errands.of(_KIND),
        where="/office/custody",
    )


HANDLERS: Final = (custody, confirm, drill, progress)
