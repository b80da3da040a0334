"""Which button a secret opens, and which one dose or feed a press can mean."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from quietdays.diet.models import PlannedMeal
from quietdays.diet.queries import with_items
from quietdays.medicines.queries import DOSE_WINDOW, DueDose, dose_near, due_on, soon_after
from quietdays.people.access import MAY, Act, may
from quietdays.people.models import CareRole, Child, Person
from quietdays.quick.models import QuickToken
from quietdays.records.ids import new_id

# A feed may be given so long before its time; later it is rather the next one, logged twice.
EARLY = timedelta(hours=1)
# A feed that was due so long ago is still the one to think of now.
STILL_NOW = timedelta(hours=2)


def working_token(token_sha256: str) -> QuickToken | None:
    """The button behind a secret, while it works.

    It ends with the role that its person had when it was made: whoever comes back, or is
    something else for the child now, makes a new one.
    """
    token = (
        QuickToken.objects.filter(token_sha256=token_sha256, revoked_at__isnull=True)
        .select_related("child", "person")
        .first()
    )
    return token if token is not None and _role_stands(token) else None


def _role_stands(token: QuickToken) -> bool:
    logging = [role for role, acts in MAY.items() if Act.LOG in acts]
    roles = CareRole.objects.filter(child=token.child, person=token.person, role__in=logging)
    since = roles.filter(since__lte=token.created_at).live()
    return token.person.is_active and since.exists()


def buttons_of(person: Person, child: Child) -> list[QuickToken]:
    """The buttons that work: one's own, for a parent everybody's."""
    rows: QuerySet[QuickToken] = QuickToken.objects.filter(child=child, revoked_at__isnull=True)
    if not may(person, child, Act.MANAGE):
        rows = rows.filter(Q(person=person))
    return [t for t in rows.select_related("person", "child") if _role_stands(t)]


def only_dose_due(child: Child, at: datetime, name: str | None) -> DueDose | None:
    """The one scheduled dose that a press can mean, if nobody has recorded it.

    Recorded ones count when it is asked whether there is only one: otherwise a second press
    for one medicine would be taken for the other. None as well when a dose of this medicine was
    given so recently that the app would ask why.
    """
    timeline = child.timeline()
    days = sorted({timeline.date_of(at - DOSE_WINDOW), timeline.date_of(at + DOSE_WINDOW)})
    due = [d for day in days for d in due_on(child, day) if abs(d.due_at - at) <= DOSE_WINDOW]
    if name is not None:
        asked = name.strip().casefold()
        due = [d for d in due if d.step.medicine.name.strip().casefold() == asked]
    if len(due) != 1 or due[0].dose is not None or due[0].step.dose is None:
        return None
    step = due[0].step
    near = dose_near(step.medicine, at, within=soon_after(step), other_than=new_id())
    if near is not None:
        return None
    return due[0]


def only_meal_due(child: Child, at: datetime) -> PlannedMeal | None:
    """The one planned feed due now that nobody has logged; None when two could be meant."""
    rows = with_items(PlannedMeal.objects.of(child)).filter(
        happened_at__gte=at - STILL_NOW, happened_at__lte=at + EARLY
    )
    waiting = [m for m in rows if not m.eaten.filter(deleted_at__isnull=True).exists()]
    return waiting[0] if len(waiting) == 1 else None
