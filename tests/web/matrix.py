"""Who may reach what: the one written table of every address and operation.

It is written by hand, apart from the code's own table. A new address without a line here fails
`test_matrix.py`, and so does one that lets in somebody whom its line does not name.
"""

from __future__ import annotations

DAY = "2026-06-09"  # the day before the tests' noon: carers and guests are shown it

ROLES = ("parent", "carer", "guest", "dietitian", "neurologist", "nurse", "reader")
TODAY = set(ROLES)
READING = TODAY - {"carer", "guest"}
LOGGING = TODAY - {"reader"}
READING_AND_LOGGING = READING & LOGGING
PLANNING = READING_AND_LOGGING
PRESCRIBING = {"dietitian", "neurologist"}
MEDICATING = {"parent", "neurologist", "nurse"}
FOLLOWING = {"neurologist", "nurse"}
TALKING = {"parent", "dietitian", "neurologist", "nurse"}
MANAGING = {"parent"}

# Pages of one child. name: (who may, its arguments, what a GET answers for those who may); 405
# is a button: sent by POST alone.
ROUTES: dict[str, tuple[set[str], tuple[str, ...], int]] = {
    "child-home": (TODAY, (), 302),
    "undo": (LOGGING, (), 405),
    "deleted": (READING, (), 200),
    "restore": (READING_AND_LOGGING, ("cluster", "cluster_id"), 405),
    "emergency": (TODAY, (), 200),
    "sign-emergency": (PRESCRIBING, (), 200),
    "add-entry": (LOGGING, ("cluster",), 200),
    "edit-entry": (LOGGING, ("cluster", "cluster_id"), 200),
    "delete-entry": (LOGGING, ("cluster", "cluster_id"), 405),
    "clip": (READING, ("clip_id",), 200),
    "delete-clip": (LOGGING, ("clip_id",), 405),
    "restore-clip": (LOGGING, ("gone_clip_id",), 405),
    "nothing-seen": (LOGGING, (), 405),
    "watching": (LOGGING, (DAY,), 200),
    "check-in": (LOGGING, (DAY,), 200),
    "diary": (READING, (), 200),
    "diary-day": (TODAY, (DAY,), 200),
    "plan": (TODAY, (DAY,), 200),
    "copy-plan": (PLANNING, (DAY,), 405),
    "copy-week": (PLANNING, (DAY,), 405),
    "recipes": (TODAY, (), 200),
    "add-recipe": (PLANNING, (), 200),
    "recipe": (TODAY, ("recipe_id",), 200),
    "edit-recipe": (PLANNING, ("recipe_id",), 200),
    "delete-recipe": (PLANNING, ("recipe_id",), 405),
    "recipe-photo": (TODAY, ("recipe_id",), 200),
    "set-photo": (PLANNING, ("recipe_id",), 405),
    "mix-feed": (PLANNING, (), 200),
    "pour": (TODAY, ("feed_id",), 200),
    "plan-bottles": (PLANNING, ("feed_id",), 405),
    "menu": (PLANNING, (), 200),
    "fridge-sheet": (TODAY, (DAY,), 200),
    "shopping": (READING, (DAY,), 200),
    "breastfeed": (LOGGING, (), 200),
    "change-breastfeed": (LOGGING, ("breastfeed_id",), 200),
    "sort-off-plan": (LOGGING, ("words_id",), 200),
    "acknowledge": (LOGGING, ("prescription_id",), 405),
    "checklists": (READING, (), 200),
    "start-checklist": (PRESCRIBING, ("monitoring",), 405),
    "add-checklist-item": (PRESCRIBING, (), 405),
    "tick-checklist": (PRESCRIBING, ("line_id",), 200),
    "weigh": (TODAY, ("plan_id",), 200),
    "build-meal": (PLANNING, (), 200),
    "edit-plan": (PLANNING, ("plan_id",), 200),
    "delete-plan": (PLANNING, ("plan_id",), 405),
    "feeds": (TODAY, (), 200),
    "eat-planned": (LOGGING, ("plan_id",), 200),
    "eat-unplanned": (LOGGING, (), 200),
    "meal": (TODAY, ("meal_id",), 200),
    "delete-meal": (LOGGING, ("meal_id",), 405),
    "prescription": (TODAY, (), 200),
    "prescribe": (PRESCRIBING, (), 200),
    "foods": (TODAY, (), 200),
    "add-food": (PLANNING, (), 200),
    "food": (TODAY, ("food_id",), 200),
    "correct-food": (PLANNING, ("food_id",), 200),
    "favourite-food": (PLANNING, ("food_id",), 405),
    "check-label": (PLANNING, ("food_id",), 405),
    "medicines": (TODAY, (), 200),
    "add-medicine": (MEDICATING, (), 200),
    "choose-medicine": (READING, (), 200),
    "edit-medicine": (MEDICATING, ("medicine_id",), 200),
    "medicine-step": (MEDICATING, ("medicine_id",), 200),
    "taper": (MEDICATING, ("medicine_id",), 200),
    "edit-step": (MEDICATING, ("step_id",), 200),
    "delete-step": (MEDICATING, ("step_id",), 405),
    "give-dose": (LOGGING, ("medicine_id",), 200),
    "edit-dose": (LOGGING, ("dose_id",), 200),
    "delete-dose": (LOGGING, ("dose_id",), 405),
    "this-week": (READING, (), 200),
    "week": (READING, (DAY,), 200),
    "effect": (READING, (), 200),
    "lock-baseline": (MANAGING, (), 405),
    "report": (READING, (), 200),
    "report-pdf": (READING, (), 400),
    "emergency-pdf": (TODAY, (), 200),
    "report-fhir": (READING, (), 400),
    "patient-summary": (READING, (), 200),
    "archive": (READING, (), 200),
    "archive-file": (MANAGING, (), 200),
    "csv": (READING, ("days",), 200),
    "import-diary": (MANAGING, (), 200),
    "import-draft": (MANAGING, ("draft_id",), 200),
    "undo-import": (MANAGING, ("batch_id",), 405),
    "child-settings": (TODAY, (), 200),
    "invite": (MANAGING, (), 405),
    "end-role": (MANAGING, ("role_id",), 405),
    "invite-guest": (MANAGING, (), 405),
    "invite-clinic": (MANAGING, (), 405),
    "end-clinic": (MANAGING, ("clinic_link_id",), 405),
    "delete-everything": (MANAGING, (), 200),
    "keep-everything": (MANAGING, (), 405),
    "trail": (MANAGING, (), 200),
    "travel": (LOGGING, (), 405),
    "quick": (LOGGING, (), 200),
    "end-button": (MANAGING, ("token_id",), 405),
    "supplies": (TODAY, (), 200),
    "add-supply": (LOGGING, (), 200),
    "edit-supply": (LOGGING, ("supply_id",), 200),
    "delete-supply": (LOGGING, ("supply_id",), 405),
    "reminders": (LOGGING, (), 200),
    "reminder-log": (LOGGING, (), 200),
    "channel": (MANAGING, ("channel_id",), 200),  # its owner's, and nobody else's
    "change-channel": (MANAGING, ("channel_id", "test"), 405),
    "tokens": (MANAGING, (), 200),
    "end-token": (MANAGING, ("access_id",), 405),
    "webhooks": (MANAGING, (), 200),
    "try-hook": (MANAGING, ("hook_id",), 405),
    "resume-hook": (MANAGING, ("hook_id",), 405),
    "end-hook": (MANAGING, ("hook_id",), 405),
    "clinic": (READING, (), 200),
    "round": (READING, (), 200),
    "growth": (READING, (), 200),
    "limits": (READING, (), 200),
    "set-limits": (FOLLOWING, (), 200),
    "messages": (TALKING, (), 200),
    "read-messages": (TALKING, (), 405),
    "settle-message": (TALKING, ("message_id",), 405),
    "links": (MANAGING, (), 200),
    "end-link": (MANAGING, ("link_id",), 405),
    "revoke-feed": (MANAGING, ("calendar_id",), 405),
}

# Operations of the API for one child. name: (who may, method, path, what it answers)
OPERATIONS: dict[str, tuple[set[str], str, str, int]] = {
    "foods": (TODAY, "GET", "foods?q=meal", 200),
    "balance_meal": (PLANNING, "POST", "balance", 200),
    "exchange_food": (PLANNING, "POST", "balance/exchange", 200),
    "begin_clip": (LOGGING, "POST", "clips", 200),
    "put_piece": (LOGGING, "PUT", "clips/{clip_id}/piece?offset=0", 200),
    "sync": (LOGGING, "POST", "sync", 200),
    "changes": (TODAY, "GET", "changes", 200),
    "today": (TODAY, "GET", "today", 200),
}

# Everything else: what opens it.
ANYBODY, SIGNED_IN, SECRET = "anybody", "whoever is signed in", "whoever holds its secret"
STAFF, LEAD = "staff of that clinic", "who leads that clinic’s staff"
OPERATOR = "who runs the server"  # in detail: tests/web/test_operators.py
OUTSIDE: dict[str, str] = {
    "home": SIGNED_IN,
    "children": SIGNED_IN,  # lists the person's own children
    "dietitian": SIGNED_IN,  # the same, those for whom they are dietitian
    "new-child": SIGNED_IN,
    "gone": SIGNED_IN,  # shows what the person's own children's farewells left
    "account": SIGNED_IN,
    "change-password": SIGNED_IN,
    "new-passkey-options": SIGNED_IN,
    "add-passkey": SIGNED_IN,
    "remove-passkey": SIGNED_IN,
    "second-factor": SIGNED_IN,
    "renew-recovery-codes": SIGNED_IN,
    "remove-second-factor": SIGNED_IN,
    "sign-out-device": SIGNED_IN,
    "sign-out-others": SIGNED_IN,
    "delete-account": SIGNED_IN,
    "clinic-staff": STAFF,
    "link-child": STAFF,
    "invite-staff": LEAD,
    "change-post": LEAD,
    # the API of a person or a secret
    "subscribe": SIGNED_IN,
    "test": SIGNED_IN,
    "press": SECRET,
    "receipt": SECRET,
    "session": ANYBODY,  # says who is signed in, and the children of that person
    "openapi-json": ANYBODY,
    "openapi-view": ANYBODY,
    "api-root": ANYBODY,
    # doors, and what names no child
    "evidence": ANYBODY,
    "sign-in": ANYBODY,
    "forgotten": ANYBODY,
    "sign-in-code": ANYBODY,
    "passkey-options": ANYBODY,
    "sign-in-passkey": ANYBODY,
    "sign-out": ANYBODY,
    "welcome": ANYBODY,
    "guest": ANYBODY,
    "log": ANYBODY,
    "worker": ANYBODY,
    "manifest": ANYBODY,
    "viewer": ANYBODY,
    "quick-press": ANYBODY,
    "health": ANYBODY,
    "ready": ANYBODY,
    "fhir-metadata": ANYBODY,
    "fhir-code-system": ANYBODY,
    "fhir-absent": ANYBODY,
    "fhir-base": ANYBODY,
    # the operator's
    "metrics": OPERATOR,
    "status": OPERATOR,
    # secrets in the address or the header
    "new-password": SECRET,
    "join": SECRET,
    "answer": SECRET,
    "channel-off": SECRET,
    "calendar": SECRET,
    "shared": SECRET,
    "shared-pdf": SECRET,
    "health-link": SECRET,
    "health-link-file": SECRET,
    "fhir-summary": SECRET,
    "fhir-search": SECRET,
    "fhir-read": SECRET,
    "fhir-find": SECRET,
}
