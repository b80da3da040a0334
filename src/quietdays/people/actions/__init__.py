"""Everything that changes people, children and who may see them: one function an act."""

from quietdays.people.actions.accounts import (
    choose_screen,
    create_account,
    create_guest,
    delete_account,
    open_diary,
    set_password,
)
from quietdays.people.actions.children import (
    create_family,
    travel,
    update_child,
)
from quietdays.people.actions.circle import (
    INVITATION_DAYS,
    accept_as_guest,
    accept_invitation,
    come_as_guest,
    end_clinic,
    end_role,
    grant_role,
    invite,
    invite_clinic,
    invite_guest,
    link_clinic,
    open_invitation,
)
from quietdays.people.actions.clinics import (
    create_clinic,
    invite_staff,
    join_clinic,
    leads,
    let_go,
    make_lead,
)

__all__ = [
    "INVITATION_DAYS",
    "accept_as_guest",
    "accept_invitation",
    "choose_screen",
    "come_as_guest",
    "create_account",
    "create_clinic",
    "create_family",
    "create_guest",
    "delete_account",
    "end_clinic",
    "end_role",
    "grant_role",
    "invite",
    "invite_clinic",
    "invite_guest",
    "invite_staff",
    "join_clinic",
    "leads",
    "let_go",
    "link_clinic",
    "make_lead",
    "open_diary",
    "open_invitation",
    "set_password",
    "travel",
    "update_child",
]
