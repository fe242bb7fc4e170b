"""Events of a script's own: who hears one is handed what the script tells with it."""

from __future__ import annotations

import pytest

from tests.test_origins import data_of, told

MAIL = "document.querySelector('#mail').value"
HEARD = {
    "a custom event with its detail": (
        f"document.dispatchEvent(new CustomEvent('booked', {{detail: {{x: {MAIL}}}}}));"
        "document.addEventListener('booked', e => fbq('track', 'Lead', e.detail));"
    ),
    "an event with a name of its own, taken apart": (
        f"const told = new CustomEvent('booked', {{detail: {MAIL}}}); window.dispatchEvent(told);"
        "window.addEventListener('booked', ({detail}) => fbq('track', 'Lead', {x: detail}));"
    ),
    "an emitter": (
        f"const bus = mitt(); bus.emit('booked', {{mail: {MAIL}}});"
        "bus.on('booked', (lead) => fbq('track', 'Lead', {x: lead.mail}));"
    ),
    "an emitter that a function with a name hears, and a constant names": (
        f"const BOOKED = 'clinic:booked'; bus.emit(BOOKED, 1, {MAIL}); bus.once(BOOKED, heard);"
        "function heard(count, mail) { fbq('track', 'Lead', {x: mail}); }"
    ),
    "an emitter that is written out": (
        "const bus = {all: {}, on(name, run) { (this.all[name] = this.all[name] || []).push(run); },"
        " emit(name, data) { (this.all[name] || []).forEach(run => run(data)); }};"
        f"bus.on('booked', (mail) => fbq('track', 'Lead', {{x: mail}})); bus.emit('booked', {MAIL});"
    ),
    "jQuery, with the event first": (
        f"$(document).trigger('booked', [{{mail: {MAIL}}}]);"
        "$(document).on('booked', function (event, lead) { fbq('track', 'Lead', {x: lead.mail}); });"
    ),
}
NOT_HEARD = {
    "another event": (
        f"bus.emit('left', {MAIL}); bus.on('booked', (mail) => fbq('track', 'Lead', {{x: mail}}));"
    ),
    "an event that browsers have, too": (
        f"bus.emit('message', {MAIL}); bus.on('message', (it) => fbq('track', 'Lead', {{x: it}}));"
    ),
    "what the other side of a socket says": (
        f"socket.emit('booked', {MAIL});"
        "socket.on('booked', (mail) => fbq('track', 'Lead', {x: mail}));"
    ),
    "the event itself": (
        f"$(document).trigger('booked', [{MAIL}]);"
        "$(document).on('booked', function (event) { fbq('track', 'Lead', {x: event.type}); });"
    ),
}


@pytest.mark.parametrize("code", HEARD.values(), ids=HEARD.keys())
def test_who_hears_an_event_is_handed_what_is_told(code: str) -> None:
    assert told(data_of(code)["x"]) == ["form field #mail"]


@pytest.mark.parametrize("code", NOT_HEARD.values(), ids=NOT_HEARD.keys())
def test_what_is_told_elsewhere_is_not_heard(code: str) -> None:
    assert "form field #mail" not in told(data_of(code)["x"])
