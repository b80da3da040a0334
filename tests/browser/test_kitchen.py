"""The diet as a dietitian and a family walk it: prescribed, planned, weighed, eaten, counted."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def add_food(page: Page, search: str, name: str) -> None:
    page.get_by_role("combobox", name="Add a food").fill(search)
    page.get_by_role("option", name=re.compile(f"^{re.escape(name)}")).first.click()
    expect(page.get_by_label(name).first).to_be_visible()


def row(page: Page, name: str):
    return page.locator(".row", has=page.locator("label", has_text=name))


def lock(page: Page, name: str) -> None:
    row(page, name).get_by_role("button", name=re.compile("free to change")).click()


def find_amounts(page: Page) -> None:
    with page.expect_response(lambda r: r.url.endswith("/balance")):
        page.get_by_role("button", name="Find the amounts").click()


@pytest.fixture
def two_pages(browser, browser_context_args):
    contexts = [browser.new_context(**browser_context_args) for _ in range(2)]
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def test_a_day_prescribed_planned_weighed_and_eaten_has_its_true_ratio(
    two_pages, parent, child, join, house, sign_in
):
    """The whole path: locked cream, left-overs, a syrup, and the sum that they make."""
    from quietdays.diet.models import MealEaten
    from quietdays.medicines.actions import add_medicine, add_step

    dietitian, family = two_pages
    join("dietitian")
    today = child.today()
    syrup = add_medicine(
        by=parent,
        child=child,
        entry_id=_new_id(),
        name="Phenobarbital elixir",
        unit="mL",
        carbohydrate_g_per_unit=Decimal("0.68"),
    ).record
    add_step(
        by=parent,
        child=child,
        entry_id=_new_id(),
        medicine=syrup,
        effective_from=today,
        change="start",
        dose=Decimal(4),
        times=["00:05"],
    )

    sign_in(dietitian, "dietitian@test.example")
    dietitian.goto(f"{house}/c/{child.pk}/prescription/new/")
    dietitian.get_by_label("Ratio, fat to").fill("3")
    dietitian.get_by_label("Energy a day").fill("560")
    dietitian.get_by_label("Protein a day").fill("11,2")
    dietitian.get_by_label("Meals and feeds a day").fill("4")
    dietitian.get_by_label("When something is left over").fill("Finish the cream first.")
    dietitian.get_by_role("button", name="Sign").click()
    expect(dietitian.locator(".figure")).to_have_text("3:1")

    sign_in(family, "parent@test.example")
    family.get_by_role("link", name="Read it").click()
    family.get_by_role("button", name="I have read this version").click()
    expect(family.get_by_text(re.compile("read, "))).to_be_visible()

    # Three foods and 30 g of cream that are left: everything else is found
    family.goto(f"{house}/c/{child.pk}/build/")
    family.get_by_label("When").fill(f"{today}T00:10")
    family.get_by_label("Name").fill("Lunch")
    add_food(family, "heavy cream", "Cream, heavy whipping")
    row(family, "Cream").get_by_role("textbox").fill("30")
    lock(family, "Cream")
    add_food(family, "chicken roast", "Chicken breast, roasted")
    add_food(family, "carrot cook", "Carrot, cooked")
    add_food(family, "olive", "Olive oil")
    find_amounts(family)
    expect(family.get_by_role("status").last).to_contain_text("as your scale can weigh it")
    expect(row(family, "Cream").get_by_role("textbox")).to_have_value("30")
    expect(family.locator("[data-live]")).to_contain_text(re.compile(r"(2\.9[5-9]|3\.0[0-5]):1"))
    family.get_by_role("button", name="Save the plan").click()
    expect(family.get_by_text("Planned: Lunch")).to_be_visible()

    # Weighed, eaten, 5 g of cream left; the rule that the dietitian wrote stands there
    family.get_by_role("link", name="Log this meal").click()
    expect(family.get_by_text("Finish the cream first.")).to_be_visible()
    family.get_by_label(re.compile("Cream.*: left of 30 g")).fill("5,0")
    family.get_by_label("refused", exact=True).check()
    family.get_by_role("button", name="Save").click()
    expect(family.get_by_role("status").first).to_contain_text("true ratio")

    # The syrup: 4 mL hold 2.72 g
    family.goto(f"{house}/c/{child.pk}/medicines/{syrup.pk}/give/")
    family.get_by_label("How much").fill("4")
    family.get_by_role("button", name="Save").click()
    expect(family.get_by_role("status").first).to_contain_text("Saved: Phenobarbital")

    family.goto(f"{house}/c/{child.pk}/plan/{today}/")
    eaten = MealEaten.objects.get().items.all()
    fat = sum((i.offered - i.left) * i.fat_g_per_100 / 100 for i in eaten)
    rest = sum(
        (i.offered - i.left) * (i.protein_g_per_100 + i.carbohydrate_g_per_100) / 100 for i in eaten
    )
    true_ratio = fat / (rest + Decimal("2.72"))
    line = family.get_by_role("row", name=re.compile("With medicines"))
    expect(line).to_contain_text(f"{true_ratio:.2f}:1")
    expect(family.get_by_text("hold 2.7 g carbohydrate: 40 % of the day’s 6.9 g")).to_be_visible()
    expect(family.locator(".tag", has_text="refused")).to_be_visible()


def test_what_does_not_fit_is_said_in_a_sentence_with_an_amount_to_take(
    page, family, house, sign_in, quiet_console
):
    sign_in(page, "parent@test.example")
    page.goto(f"{house}/c/{family.pk}/build/")
    page.get_by_label("Name").fill("Too much egg")
    add_food(page, "egg raw", "Egg, whole, raw")
    row(page, "Egg").get_by_role("textbox").fill("90")
    lock(page, "Egg")
    add_food(page, "heavy cream", "Cream, heavy whipping")
    add_food(page, "butter unsalted", "Butter, unsalted")
    find_amounts(page)
    answer = page.locator("[data-balance-answer]")
    expect(answer).to_contain_text("90 g")
    take = answer.get_by_role("button", name=re.compile("^Take .* g Egg"))
    with page.expect_response(lambda r: r.url.endswith("/balance")):
        take.click()
    expect(answer).to_contain_text("as your scale can weigh it")
    # One food in the place of another: everything is found anew
    with page.expect_response(lambda r: r.url.endswith("/exchange")):
        row(page, "Butter").get_by_role("button", name=re.compile("^Swap")).click()
    answer.get_by_role("button").first.click()
    expect(row(page, "Butter, unsalted")).to_have_count(0)
    expect(page.locator("[data-live]")).to_contain_text(re.compile(r"(2\.9[5-9]|3\.0[0-5]):1"))


def test_without_a_network_two_or_three_foods_are_still_balanced(page, family, house, sign_in):
    sign_in(page, "parent@test.example")
    page.goto(f"{house}/c/{family.pk}/build/")
    page.get_by_label("Name").fill("In the cellar")
    add_food(page, "egg raw", "Egg, whole, raw")
    add_food(page, "butter unsalted", "Butter, unsalted")
    page.context.set_offline(True)
    page.get_by_role("button", name="Find the amounts").click()
    answer = page.locator("[data-balance-answer]")
    expect(answer).to_contain_text("Worked out on this phone")
    expect(page.locator("[data-live]")).to_contain_text(re.compile(r"(2\.9[5-9]|3\.0[0-5]):1"))
    page.context.set_offline(False)


def test_a_coarse_scale_is_told_and_several_meals_are_cooked_at_once(
    page, family, house, sign_in, quiet_console
):
    family.family.scale_step_g = 1
    family.family.save()
    sign_in(page, "parent@test.example")
    page.goto(f"{house}/c/{family.pk}/build/")
    page.get_by_label("Name").fill("Soup")
    for search, name in (
        ("chicken roast", "Chicken breast, roasted"),
        ("carrot cook", "Carrot, cooked"),
        ("olive", "Olive oil"),
        ("heavy cream", "Cream, heavy whipping"),
    ):
        add_food(page, search, name)
    find_amounts(page)
    answer = page.locator("[data-balance-answer]")
    expect(answer).to_contain_text("these steps are coarse")
    with page.expect_response(lambda r: r.url.endswith("/balance")):
        answer.get_by_role("button", name=re.compile("^Cook 2 at once")).click()
    expect(answer).to_contain_text("For 2 meals weigh, mix and divide by weight")
    expect(page.locator("[data-live]")).to_contain_text(re.compile(r"(2\.9[5-9]|3\.0[0-5]):1"))
    page.get_by_role("button", name="Save the plan").click()
    page.get_by_role("link", name="Weigh", exact=True).first.click()
    size = page.locator(".scale-list__grams").first.evaluate("e => getComputedStyle(e).fontSize")
    assert float(size.removesuffix("px")) >= 48


def test_a_feed_is_mixed_kept_and_poured_into_bottles(page, family, house, sign_in, quiet_console):
    sign_in(page, "parent@test.example")
    page.goto(f"{house}/c/{family.pk}/mix/")
    page.get_by_label("Volume for the day").fill("600")
    page.get_by_label("Energy of the whole").fill("480")
    page.get_by_label("Ratio").fill("2,5")
    add_food(page, "ketocal 3:1", "KetoCal 3:1")
    add_food(page, "human milk", "Human milk")
    row(page, "Human milk").get_by_role("textbox").fill("61,8")
    lock(page, "Human milk")
    add_food(page, "rapeseed", "Rapeseed oil")
    page.get_by_role("button", name="Find the amounts").click()
    card = page.get_by_role("heading", name="Weigh this")
    expect(card).to_contain_text("0.80 kcal/mL")
    expect(page.get_by_role("row", name=re.compile("Human milk"))).to_contain_text("61.8 g")
    expect(page.get_by_role("row", name=re.compile("Water"))).to_be_visible()
    page.get_by_role("button", name="Keep this feed").click()
    today = family.today()
    page.get_by_label(re.compile("the first one at")).fill(f"{today}T07:00")
    page.get_by_role("button", name="Plan the bottles").click()
    expect(page.get_by_text("Planned: 4 feeds from 07:00")).to_be_visible()
    # A tube feed of 150 mL of which 100 went in
    page.get_by_role("link", name="Log this meal").first.click()
    page.get_by_label("Eaten at").fill(f"{datetime.now():%Y-%m-%dT00:01}")
    page.get_by_label("Of 150 mL went in").fill("100")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("100 mL went in")


def test_a_week_is_planned_from_recipes_and_printed(page, family, house, sign_in, quiet_console):
    from quietdays.people.models import Person
    from quietdays.sharing.demo_kitchen import keep_recipes

    keep_recipes(family, Person.objects.get(email="parent@test.example"))
    sign_in(page, "parent@test.example")
    page.goto(f"{house}/c/{family.pk}/recipes/")
    page.get_by_role("link", name="Salmon and pumpkin").click()
    page.locator("form", has=page.locator('input[value="meal"]')).get_by_role("button").click()
    expect(page.get_by_role("heading", name="Weigh this")).to_contain_text("175 kcal")
    page.goto(f"{house}/c/{family.pk}/menu/")
    page.get_by_role("button", name="Find a menu").click()
    page.get_by_role("button", name="Plan these meals").click()
    expect(page.get_by_role("status").first).to_contain_text("Planned: 28 meals")
    start = date.fromisoformat(page.url.rstrip("/").rsplit("/", 1)[1])
    page.goto(f"{house}/c/{family.pk}/sheet/{start}/")
    expect(page.locator(".sheet__meal")).to_have_count(28)
    page.goto(f"{house}/c/{family.pk}/shopping/{start}/")
    expect(page.get_by_text("For 28 planned meals")).to_be_visible()


def test_a_breastfeed_and_words_are_counted_as_what_they_are(
    page, family, house, night_log, quiet_console
):
    from quietdays.diet.models import MealEaten

    night_log(page)
    said = page.get_by_role("main").get_by_role("status").first
    stored = page.locator("[data-stored=yes]")

    def other_feed(name: str) -> None:
        page.get_by_role("link", name="Feed", exact=True).click()
        page.get_by_role("link", name=name).click()

    other_feed("Breastfeed")
    page.get_by_label("Minutes").fill("12")
    page.get_by_label(re.compile("^Volume, estimated")).fill("60")
    page.get_by_role("button", name="Save").click()
    expect(said).to_contain_text(re.compile("^Saved: .*[Bb]reastfeed"))
    expect(stored).to_be_visible()
    fed = MealEaten.objects.get()
    assert fed.breast_minutes == 12
    assert [item.offered for item in fed.items.all()] == [Decimal("61.79")]  # g of 60 mL
    # In words, on the phone and on the page of foods
    other_feed("Something else, in your own words")
    page.get_by_label("What was eaten").fill("a spoon of pear at grandma’s")
    page.get_by_role("button", name="Save").click()
    expect(stored).to_be_visible()
    other_feed("Something else, from foods")
    page.get_by_label("Anything else eaten").fill("the end of a pear")
    page.get_by_role("button", name="Save").click()
    expect(said).to_contain_text("Saved")
    words = MealEaten.objects.exclude(off_plan="").order_by("off_plan")
    assert [m.off_plan for m in words] == ["a spoon of pear at grandma’s", "the end of a pear"]
    page.goto(f"{house}/c/{family.pk}/plan/{family.today()}/")
    expect(page.get_by_text("A breastfeed’s volume is estimated")).to_be_visible()
    count_it = page.get_by_role("link", name="Count it")
    for left in (2, 1):
        expect(count_it).to_have_count(left)
        count_it.first.click()
        add_food(page, "pear", "Pear")
        row(page, "Pear").get_by_role("textbox").fill("12")
        page.get_by_role("button", name="Count it").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(count_it).to_have_count(0)


def _new_id():
    from quietdays.records.ids import new_id

    return new_id()
