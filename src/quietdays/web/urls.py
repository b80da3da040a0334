"""Every address of the house."""

from __future__ import annotations

from datetime import date

from django.contrib.auth import views as auth
from django.urls import include, path, register_converter
from django.views.i18n import set_language

from quietdays.clinic import child_pages as clinic_child
from quietdays.clinic import pages as clinic
from quietdays.diary import clip_pages
from quietdays.diary import pages as diary
from quietdays.diet.pages import checklists, eaten, foods, menu, mixing, plans, recipes, sheets
from quietdays.emergency import pages as emergency
from quietdays.evidence import pages as evidence
from quietdays.hooks import pages as hooks
from quietdays.insights import diet_pages, medicine_pages
from quietdays.insights import pages as insights
from quietdays.medicines import pages as medicines
from quietdays.medicines import supply_pages as supplies
from quietdays.people import account_pages as account
from quietdays.people import circle_pages as circle
from quietdays.people import forgotten_pages as forgotten
from quietdays.people import pages as people
from quietdays.people import sign_in
from quietdays.people import token_pages as tokens
from quietdays.people import trail_pages as trail
from quietdays.quick import pages as quick
from quietdays.reminders import answer_pages, calendar_pages
from quietdays.reminders import pages as reminders
from quietdays.sharing import archive_pages, health_link_pages, import_pages, link_pages
from quietdays.sharing import fhir_pages as fhir
from quietdays.sharing import pages as sharing
from quietdays.web import help_pages as helps
from quietdays.web import operator_pages as operators
from quietdays.web import pages as web
from quietdays.web import phone
from quietdays.web.api import api


class DayConverter:
    """A local date in an address: 2026-03-01."""

    regex = r"20(?:0[1-9]|[1-8]\d|9[0-8])-\d{2}-\d{2}"  # with room for the weeks beside it

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)  # ValueError here means 404

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

of_child = [
    path("", insights.child_home, name="child-home"),
    path("undo/", web.undo, name="undo"),
    path("deleted/", web.deleted, name="deleted"),
    path("deleted/<slug:slug>/<uuid:entry_id>/", web.restore, name="restore"),
    path("emergency/", emergency.emergency, name="emergency"),
    path("emergency/card.pdf", sharing.card_pdf_page, name="emergency-pdf"),
    path("emergency/sign/", emergency.sign, name="sign-emergency"),
    # what was seen
    path("log/<slug:slug>/", diary.add_entry, name="add-entry"),
    path("entry/<slug:slug>/<uuid:entry_id>/", diary.edit_entry, name="edit-entry"),
    path("entry/<slug:slug>/<uuid:entry_id>/delete/", diary.delete_entry, name="delete-entry"),
    path("clips/<uuid:clip_id>", clip_pages.clip, name="clip"),
    path("clips/<uuid:clip_id>/delete/", clip_pages.delete_clip, name="delete-clip"),
    path("clips/<uuid:clip_id>/restore/", clip_pages.restore_clip, name="restore-clip"),
    path("nothing-seen/", diary.nothing_seen, name="nothing-seen"),
    path("watching/<day:day>/", diary.watching, name="watching"),
    path("check-in/<day:day>/", diary.check_in, name="check-in"),
    path("diary/", insights.diary, name="diary"),
    path("diary/<day:day>/", insights.diary_day, name="diary-day"),
    # the diet's numbers
    path("prescription/", diet_pages.prescription, name="prescription"),
    path("prescription/new/", diet_pages.prescribe, name="prescribe"),
    path("prescription/<uuid:prescription_id>/read/", diet_pages.acknowledge, name="acknowledge"),
    path("checklists/", checklists.checklists, name="checklists"),
    path("checklists/start/<slug:which>/", checklists.start_checklist, name="start-checklist"),
    path("checklists/add/", checklists.add_checklist_item, name="add-checklist-item"),
    path("checklists/<uuid:item_id>/", checklists.tick_checklist, name="tick-checklist"),
    # what to weigh
    path("plan/<day:day>/", diet_pages.plan, name="plan"),
    path("plan/<day:day>/copy/", plans.copy_plan, name="copy-plan"),
    path("plan/<day:day>/copy-week/", plans.copy_week, name="copy-week"),
    path("build/", plans.build_meal, name="build-meal"),
    path("build/<uuid:meal_id>/", plans.build_meal, name="edit-plan"),
    path("build/<uuid:meal_id>/delete/", plans.delete_plan, name="delete-plan"),
    path("weigh/<uuid:meal_id>/", plans.weigh, name="weigh"),
    path("recipes/", recipes.recipes, name="recipes"),
    path("recipes/new/", recipes.keep_recipe, name="add-recipe"),
    path("recipes/<uuid:recipe_id>/", recipes.recipe, name="recipe"),
    path("recipes/<uuid:recipe_id>/change/", recipes.keep_recipe, name="edit-recipe"),
    path("recipes/<uuid:recipe_id>/delete/", recipes.delete_recipe, name="delete-recipe"),
    path("recipes/<uuid:recipe_id>/photo.jpg", recipes.recipe_photo, name="recipe-photo"),
    path("recipes/<uuid:recipe_id>/photo/", recipes.set_photo, name="set-photo"),
    path("mix/", mixing.mix_feed, name="mix-feed"),
    path("mix/<uuid:recipe_id>/", mixing.pour, name="pour"),
    path("mix/<uuid:recipe_id>/plan/", mixing.plan_bottles, name="plan-bottles"),
    path("menu/", menu.menu, name="menu"),
    path("sheet/<day:day>/", sheets.fridge_sheet, name="fridge-sheet"),
    path("shopping/<day:day>/", sheets.shopping, name="shopping"),
    # what was eaten
    path("feeds/", eaten.feeds, name="feeds"),
    path("feeds/<uuid:meal_id>/eat/", eaten.eat_planned, name="eat-planned"),
    path("feeds/other/", eaten.eat_unplanned, name="eat-unplanned"),
    path("feeds/breast/", eaten.breastfeed, name="breastfeed"),
    path("feeds/breast/<uuid:meal_id>/", eaten.breastfeed, name="change-breastfeed"),
    path("meals/<uuid:meal_id>/", eaten.meal, name="meal"),
    path("meals/<uuid:meal_id>/sort/", eaten.sort_off_plan, name="sort-off-plan"),
    path("meals/<uuid:meal_id>/delete/", eaten.delete_meal, name="delete-meal"),
    path("foods/", foods.foods, name="foods"),
    path("foods/new/", foods.add_food, name="add-food"),
    path("foods/<uuid:food_id>/", foods.food, name="food"),
    path("foods/<uuid:food_id>/correct/", foods.correct_food, name="correct-food"),
    path("foods/<uuid:food_id>/favourite/", foods.favourite, name="favourite-food"),
    path("foods/<uuid:food_id>/checked/", foods.check_label, name="check-label"),
    # medicines
    path("medicines/", medicine_pages.medicines, name="medicines"),
    path("medicines/new/", medicines.add_medicine, name="add-medicine"),
    path("medicines/give/", medicines.choose, name="choose-medicine"),
    path("medicines/<uuid:medicine_id>/", medicines.edit_medicine, name="edit-medicine"),
    path("medicines/<uuid:medicine_id>/step/", medicines.add_step, name="medicine-step"),
    path("medicines/<uuid:medicine_id>/taper/", medicines.taper, name="taper"),
    path("medicines/<uuid:medicine_id>/give/", medicines.give_dose, name="give-dose"),
    path("medicines/steps/<uuid:step_id>/", medicines.edit_step, name="edit-step"),
    path("medicines/steps/<uuid:step_id>/delete/", medicines.delete_step, name="delete-step"),
    path("doses/<uuid:dose_id>/", medicines.edit_dose, name="edit-dose"),
    path("doses/<uuid:dose_id>/delete/", medicines.delete_dose, name="delete-dose"),
    path("supplies/", supplies.supplies, name="supplies"),
    path("supplies/new/", supplies.count_supply, name="add-supply"),
    path("supplies/<uuid:supply_id>/", supplies.count_supply, name="edit-supply"),
    path("supplies/<uuid:supply_id>/delete/", supplies.delete_supply, name="delete-supply"),
    # reminders
    path("reminders/", reminders.reminders, name="reminders"),
    path("reminders/log/", reminders.log, name="reminder-log"),
    path("reminders/channels/<uuid:channel_id>/", reminders.channel, name="channel"),
    path(
        "reminders/channels/<uuid:channel_id>/<slug:what>/",
        reminders.change_channel,
        name="change-channel",
    ),
    path("reminders/calendars/<uuid:feed_id>/end/", reminders.revoke_feed, name="revoke-feed"),
    # the clinic's work
    path("clinic/", clinic_child.clinic, name="clinic"),
    path("clinic/round/", clinic_child.round_sheet, name="round"),
    path("growth/", clinic_child.growth, name="growth"),
    path("limits/", clinic_child.limits, name="limits"),
    path("limits/set/", clinic_child.set_limits, name="set-limits"),
    path("messages/", clinic_child.messages, name="messages"),
    path("messages/read/", clinic_child.read_messages, name="read-messages"),
    path("messages/<uuid:message_id>/settle/", clinic_child.settle_message, name="settle-message"),
    # what it means, and what leaves the house
    path("week/", insights.week, name="this-week"),
    path("week/<day:day>/", insights.week, name="week"),
    path("effect/", insights.effect, name="effect"),
    path("effect/lock-baseline/", insights.lock_baseline, name="lock-baseline"),
    path("report/", sharing.report, name="report"),
    path("report/report.pdf", sharing.report_pdf_page, name="report-pdf"),
    path("report/diary.fhir.json", sharing.report_fhir, name="report-fhir"),
    path("report/summary.fhir.json", sharing.patient_summary_page, name="patient-summary"),
    path("links/", link_pages.links, name="links"),
    path("links/<uuid:link_id>/end/", link_pages.end_link, name="end-link"),
    path("archive/", archive_pages.archive, name="archive"),
    path("archive/archive.zip", archive_pages.archive_file, name="archive-file"),
    path("archive/<slug:kind>.csv", archive_pages.csv_file, name="csv"),
    path("import/", import_pages.import_file, name="import-diary"),
    path("import/<uuid:draft_id>/", import_pages.import_draft, name="import-draft"),
    path("import/done/<uuid:batch_id>/undo/", import_pages.undo_import, name="undo-import"),
    path("tokens/", tokens.access_tokens, name="tokens"),
    path("tokens/<uuid:access_id>/end/", tokens.end_token, name="end-token"),
    path("webhooks/", hooks.webhooks, name="webhooks"),
    path("webhooks/<uuid:hook_id>/test/", hooks.try_hook, name="try-hook"),
    path("webhooks/<uuid:hook_id>/resume/", hooks.resume_hook, name="resume-hook"),
    path("webhooks/<uuid:hook_id>/end/", hooks.end_hook, name="end-hook"),
    # people
    path("settings/", people.settings, name="child-settings"),
    path("settings/invite/", circle.invite, name="invite"),
    path("settings/invite-guest/", circle.invite_guest, name="invite-guest"),
    path("settings/invite-clinic/", circle.invite_clinic, name="invite-clinic"),
    path("settings/people/<uuid:role_id>/end/", circle.end_role, name="end-role"),
    path("settings/clinics/<uuid:link_id>/end/", circle.end_clinic, name="end-clinic"),
    path("settings/delete/", trail.delete_everything, name="delete-everything"),
    path("settings/keep/", trail.keep_everything, name="keep-everything"),
    path("trail/", trail.trail, name="trail"),
    path("settings/travel/", people.travel, name="travel"),
    path("quick/", quick.buttons, name="quick"),
    path("quick/<uuid:token_id>/end/", quick.end_button, name="end-button"),
]

# What is a person's own, whatever children they see.
of_person = [
    path("", account.account, name="account"),
    path("password/", account.change_password, name="change-password"),
    path("passkeys/options/", account.new_passkey_options, name="new-passkey-options"),
    path("passkeys/new/", account.add_passkey, name="add-passkey"),
    path("passkeys/<uuid:passkey_id>/remove/", account.remove_passkey, name="remove-passkey"),
    path("second-factor/", account.second_factor_page, name="second-factor"),
    path("second-factor/codes/", account.renew_recovery_codes, name="renew-recovery-codes"),
    path("second-factor/remove/", account.remove_second_factor, name="remove-second-factor"),
    path("devices/others/", account.sign_out_others, name="sign-out-others"),
    path("devices/<slug:name>/", account.sign_out_device, name="sign-out-device"),
    path("delete/", account.delete_account, name="delete-account"),
]

# The medical data that programs read; what the address of a resource is, FHIR says.
of_fhir = [
    path("metadata", fhir.metadata, name="fhir-metadata"),
    path("CodeSystem/<str:key>", fhir.code_system, name="fhir-code-system"),
    path("Patient/<str:key>/$summary", fhir.summary, name="fhir-summary"),
    path("<str:kind>/_search", fhir.find_by_post, name="fhir-search"),
    path("<str:kind>/<str:key>", fhir.read, name="fhir-read"),
    path("<str:kind>", fhir.find, name="fhir-find"),
    path("<path:rest>", fhir.absent, name="fhir-absent"),
    path("", fhir.absent, name="fhir-base"),
]

urlpatterns = [
    path("", insights.home, name="home"),
    path("log/", phone.log, name="log"),
    path("sw.js", phone.worker, name="worker"),
    path("manifest.webmanifest", phone.manifest, name="manifest"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign-in-code"),
    path("sign-in/passkey/options/", sign_in.passkey_options, name="passkey-options"),
    path("sign-in/passkey/", sign_in.sign_in_by_passkey, name="sign-in-passkey"),
    path("forgotten/", forgotten.forgotten, name="forgotten"),
    path("forgotten/<uuid:person_id>/<str:token>/", forgotten.new_password, name="new-password"),
    path("sign-out/", auth.LogoutView.as_view(), name="sign-out"),
    path("welcome/", people.welcome, name="welcome"),
    path("join/<str:token>/", circle.join, name="join"),
    path("guest/", circle.guest, name="guest"),
    path("me/", include(of_person)),
    path("clinics/<uuid:clinic_id>/", circle.clinic_staff, name="clinic-staff"),
    path("clinics/<uuid:clinic_id>/follow/", circle.link_child, name="link-child"),
    path("clinics/<uuid:clinic_id>/invite/", circle.invite_staff, name="invite-staff"),
    path(
        "clinics/<uuid:clinic_id>/staff/<uuid:post_id>/<slug:what>/",
        circle.change_post,
        name="change-post",
    ),
    path("gone/", trail.gone, name="gone"),
    path("language/", set_language, name="language"),
    path("help/", helps.guides, name="help"),
    path("help/<slug:name>/", helps.guide, name="help-guide"),
    path("evidence/", evidence.evidence, name="evidence"),
    path("children/", clinic.children, name="children"),
    path("dietitian/", clinic.dietitian, name="dietitian"),
    path("children/new/", people.new_child, name="new-child"),
    path("r/<str:token>/", answer_pages.answer, name="answer"),
    path("r/off/<uuid:channel_id>/<str:token>/", answer_pages.channel_off, name="channel-off"),
    path("cal/<str:token>.ics", calendar_pages.calendar, name="calendar"),
    path("s/<str:token>/", link_pages.shared, name="shared"),
    path("s/<str:token>/report.pdf", link_pages.shared_pdf, name="shared-pdf"),
    path("view/", health_link_pages.viewer, name="viewer"),
    path("shl/<str:token>", health_link_pages.manifest, name="health-link"),
    path("shl/<str:token>/file", health_link_pages.file, name="health-link-file"),
    path("q/", quick.press, name="quick-press"),
    path("c/<uuid:child_id>/", include(of_child)),
    path("fhir/", include(of_fhir)),
    path("api/v1/session", phone.session, name="session"),
    path("api/v1/", api.urls),
    path("healthz", operators.alive, name="health"),
    path("readyz", operators.ready, name="ready"),
    path("metrics", operators.figures, name="metrics"),
    path("status/", operators.status, name="status"),
]

handler400 = "quietdays.web.errors.bad_request"
handler403 = "quietdays.web.errors.permission_denied"
handler404 = "quietdays.web.errors.not_found"
handler500 = "quietdays.web.errors.server_error"
