"""What tells an operator who looks elsewhere: a sound, again and again, the title, a notification of the browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response, expect

from openbot.vocabulary import State
from tests.panel_browser.inbox import SOON, Customers, Seat

Seats = Callable[..., Seat]

#: Counts the notes that are played; they are played all the same.
LISTEN = """
window.notes = 0;
const create = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () { window.notes += 1; return create.call(this); };
"""
#: Another window is in front; what the browser is asked to show is written down.
AWAY = """
document.hasFocus = () => false;
window.shown = [];
window.Notification = class extends Notification {
  constructor(title, options) { super(title, options); window.shown.push([title, this]); }
};
"""
NOTES_OF_A_COMPLETE_ORDER = 2


@pytest.fixture
def away(seats: Seats) -> Seat:
    """An operator who allowed notifications and looks at another window."""
    seat = seats(permissions=["notifications"])
    seat.page.add_init_script(LISTEN + AWAY)
    seat.page.clock.install()
    with seat.page.expect_response("**/api/orders/news"):
        seat.go()
    return seat


def notes(page: Page) -> int:
    return int(page.evaluate("window.notes"))


def heard(page: Page, number: int) -> None:
    page.wait_for_function("number => window.notes === number", arg=number, timeout=SOON)


def half_a_minute_later(page: Page) -> None:
    """Nobody did anything; what still waits is asked for."""
    with page.expect_response(_is_looked_at):
        page.clock.fast_forward(31_000)


def _is_looked_at(response: Response) -> bool:
    return "/api/orders?tab=attend" in response.url


def test_a_complete_order_sounds_and_is_counted_and_its_notification_leads_to_it(
    away: Seat, customers: Customers
) -> None:
    away.house.order("Nora Avisa")
    expect(away.page).to_have_title(re.compile(r"^\(1\) "), timeout=SOON)
    heard(away.page, NOTES_OF_A_COMPLETE_ORDER)
    assert away.page.evaluate("window.shown.map(([title]) => title)") == ["Pedido COMPLETO de Nora Avisa"]
    away.page.evaluate("window.shown[0][1].dispatchEvent(new Event('click'))")
    expect(away.page.locator(".head h2")).to_have_text("Nora Avisa")
    away.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(away.page).to_have_title("Nora Avisa · Openbot")


def test_it_sounds_every_half_minute_until_somebody_takes_it(away: Seat) -> None:
    order = away.house.order("Rita Repite")
    heard(away.page, NOTES_OF_A_COMPLETE_ORDER)
    half_a_minute_later(away.page)
    heard(away.page, 2 * NOTES_OF_A_COMPLETE_ORDER)
    away.house.carry(order, State.IN_PROGRESS, by=away.person_id)
    half_a_minute_later(away.page)
    away.page.clock.fast_forward(31_000)
    away.page.wait_for_timeout(300)
    assert notes(away.page) == 2 * NOTES_OF_A_COMPLETE_ORDER


def test_who_wants_to_hear_it_once_hears_it_once(away: Seat) -> None:
    away.page.get_by_role("button", name="Sonido de pedidos nuevos").click()
    away.page.get_by_label("Repetir cada 30 s hasta que alguien atienda").uncheck()
    away.page.keyboard.press("Escape")
    away.house.order("Una Vez")
    heard(away.page, NOTES_OF_A_COMPLETE_ORDER)
    half_a_minute_later(away.page)
    away.page.wait_for_timeout(300)
    assert notes(away.page) == NOTES_OF_A_COMPLETE_ORDER


def test_who_turned_the_sound_off_is_told_in_silence(away: Seat) -> None:
    away.page.get_by_role("button", name="Sonido de pedidos nuevos").click()
    away.page.get_by_label("Avisar con sonido").uncheck()
    away.page.keyboard.press("Escape")
    expect(away.page.get_by_role("button", name="Sonido apagado")).to_be_visible()
    away.house.order("Sin Ruido")
    expect(away.page).to_have_title(re.compile(r"^\(1\) "), timeout=SOON)
    assert notes(away.page) == 0
