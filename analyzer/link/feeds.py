"""What is sent to servers of the site's own: by tags of web containers, and by calls on the pages.

A server container sees events, not pages. What is in them, and what they are called there, is
decided by what sends them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from analyzer.addresses import address_of
from analyzer.link.flows import value_at
from analyzer.link.walk import Walk
from analyzer.model import (
    NOTHING,
    Call,
    Container,
    Fact,
    Feed,
    Firing,
    Frame,
    Hole,
    Object,
    Origin,
    OriginKind,
    Pixel,
    Place,
    Request,
    ScriptLoad,
    Tag,
    Text,
    Value,
    Verdict,
    options,
    shown,
)

ANALYTICS, DATA_TAG = "analytics", "data tag"
SERVER_NAMES = ("server_container_url", "serverContainerUrl", "transport_url", "gtm_server_domain")
TABLES = ("configSettingsTable", "fieldsToSet", "eventParameters", "eventSettingsTable")
DATA_TAG_TABLES = ("custom_data", "user_data")
CONFIGURING = frozenset({"googtag", "gaawc"})
OF_ANALYTICS = CONFIGURING | {"gaawe"}
MEASURED = frozenset(  # what Google Analytics reports by itself, as the property's settings decide
    {
        "session_start",
        "first_visit",
        "user_engagement",
        "scroll",
        "click",
        "view_search_results",
        "video_start",
        "video_progress",
        "video_complete",
        "file_download",
        "form_start",
        "form_submit",
    }
)
BY_ITSELF = {  # what every event has without being told
    "page_location": Origin(OriginKind.ADDRESS, "url"),
    "page_path": Origin(OriginKind.ADDRESS, "path"),
    "page_hostname": Origin(OriginKind.ADDRESS, "host"),
    "page_referrer": Origin(OriginKind.REFERRER),
    "page_title": Origin(OriginKind.TITLE),
    "client_id": Origin(OriginKind.COOKIE, "_ga"),
}
OF_SALES = frozenset(
    {"items", "value", "currency", "transaction_id", "coupon", "tax", "shipping", "item_list_name"}
)
PERSON = ("user_data", "userDataVariable", "cssProvidedEnhancedConversionValue")
PROPERTIES = ("x-ga-mp2-user_properties.", "user_properties.")
SETTINGS = frozenset(  # of a tag, which are in no event
    {
        "send_page_view",
        "first_party_collection",
        "allow_google_signals",
        "allow_ad_personalization_signals",
        "debug_mode",
        "linker",
        "groups",
        "send_to",
        "transport_type",
    }
)
MODES = ("mode",)  # how a person's data is found
LOADED_FROM = "if it sends to {}, from where the container's script is loaded"
OFF = ("false", False, "", None)


@dataclass(frozen=True, slots=True)
class Sent:
    """Events on their way to a server: who sends them, from where, and what they carry.

    `events` are their names, `perhaps` those that only the vendor's own settings decide on; where
    no name can be read they are `unnamed`. `data` is what they carry by the names that it has on
    the server; with `whole_layer` all keys of the data layer come along, with `sales` those of
    its ecommerce object.
    """

    feed: Feed
    protocol: str = ""
    events: tuple[str, ...] = ()
    perhaps: frozenset[str] = frozenset()
    unnamed: bool = False
    data: Object = NOTHING
    whole_layer: bool = False
    sales: bool = False
    fires: tuple[Firing, ...] = ()

    @property
    def keys(self) -> Iterator[str]:
        """The names of what is written into the events, without what configures the sender."""
        for name, value in self.data.items:
            if name in SETTINGS or name.startswith("cookie_"):
                continue
            inner = [
                key for each in options(value) if isinstance(each, Object) for key, _ in each.items
            ]
            yield from (f"{name}.{key}" for key in inner if key not in MODES) if inner else (name,)

    def value_of(self, key: str) -> Value:
        """What an event carries under a key, or None."""
        for name in _spellings(key):
            found = value_at(self.data, name)
            if found is not None:
                return found
        if self.sales and key.partition(".")[0] in OF_SALES:
            return Hole(key, Origin(OriginKind.DATA_LAYER, f"ecommerce.{key}"))
        return Hole(key, BY_ITSELF[key]) if self.protocol and key in BY_ITSELF else None


def sent_by_tag(
    tag: Tag,
    container: Container,
    fires: tuple[Firing, ...],
    hosts: Collection[str],
    loaders: Sequence[Fact],
) -> Iterator[Sent]:
    """What a tag of a web container sends to a server of the site: to one that it names, or one of
    these hosts. `loaders` are what loads the container on the pages.
    """
    sender = Feed(tag.name, tag.place, container.container_id)
    server = _server_of(tag.parameters)
    if server is None:
        server = next((one for one in _addresses(tag) if host_of(one) in hosts), None)
    if server is not None:
        yield replace(events_of(tag, replace(sender, server=_shown(server))), fires=fires)
        return
    if tag.type in OF_ANALYTICS:
        for host in dict.fromkeys(host for fact in loaders for host in hosts_asked(fact)):
            if host in hosts:
                feed = replace(sender, server=f"https://{host}", doubt=LOADED_FROM.format(host))
                yield replace(events_of(tag, feed), fires=fires)


def events_of(tag: Tag, feed: Feed) -> Sent:
    """The events that a tag makes, and what they carry."""
    given = tag.parameters
    if tag.type in CONFIGURING:
        data = _data(given, TABLES)
        silent = data.get("send_page_view") in ("false", False)
        silent = silent or given.get("sendPageView") in ("false", False)
        return Sent(feed, ANALYTICS, () if silent else ("page_view",), MEASURED, data=data)
    if tag.type == "gaawe":
        names, unnamed = _names(given.get("eventName"))
        sales = given.get("sendEcommerceData") not in OFF
        return Sent(feed, ANALYTICS, names, unnamed=unnamed, data=_data(given, TABLES), sales=sales)
    if given.get("gtm_server_domain") is not None:
        custom = given.get("event_type") == "custom"
        key = "event_name_custom" if custom else "event_name_standard"
        names, unnamed = _names(given.get(key))
        whole = given.get("add_data_layer") not in OFF
        data = _data(given, DATA_TAG_TABLES)
        return Sent(feed, DATA_TAG, names, unnamed=unnamed, data=data, whole_layer=whole)
    return Sent(feed, unnamed=True, data=_flat(given))


def sent_by_calls(calls: Sequence[tuple[Call, tuple[Firing, ...]]]) -> Iterator[Sent]:
    """What the `gtag` calls of pages send to a server that one of them names."""
    configs = []
    for call, fires in calls:
        if call.args[:1] not in (("config",), ("set",)):
            continue
        for given in (each for value in call.args[1:] for each in options(value)):
            server = _server_of(given) if isinstance(given, Object) else None
            if server is not None and isinstance(given, Object):
                feed = Feed(_written(call), call.place, "", _shown(server))
                silent = given.get("send_page_view") in ("false", False)
                events = () if silent or call.args[0] == "set" else ("page_view",)
                data = _data(Object((("configSettingsTable", given),)), TABLES)
                configs.append(Sent(feed, ANALYTICS, events, MEASURED, data=data, fires=fires))
    yield from configs
    for config in configs:
        yield from events_with(config, calls)


def events_with(config: Sent, calls: Sequence[tuple[Call, tuple[Firing, ...]]]) -> Iterator[Sent]:
    """The events of `gtag` calls on the pages where a Google tag is set up to send to a server."""
    ready = {firing.page: firing for firing in config.fires}
    for call, fires in calls:
        if call.args[:1] != ("event",) or len(call.args) < 2:
            continue
        on_both = tuple(
            _together(firing, ready[firing.page]) for firing in fires if firing.page in ready
        )
        if not on_both:
            continue
        names, unnamed = _names(call.args[1])
        own = [each for value in call.args[2:3] for each in options(value)]
        data = next((each for each in own if isinstance(each, Object)), NOTHING)
        feed = replace(config.feed, sender=_written(call), place=call.place, container_id="")
        yield Sent(
            feed,
            ANALYTICS,
            names,
            unnamed=unnamed,
            data=Object((*config.data.items, *data.items)),
            fires=on_both,
        )


def sent_by_request(fact: Fact, path: str, walk: Walk, hosts: Collection[str]) -> Iterator[Sent]:
    """What a page's own code sends to one of these hosts."""
    if not isinstance(fact, Request | Pixel):
        return
    for url in options(fact.url):
        if host_of(url) in hosts:
            feed = Feed("the page's own code", fact.place, "", shown(url).partition("?")[0])
            body = fact.body if isinstance(fact, Request) else None
            data = next((each for each in options(body) if isinstance(each, Object)), NOTHING)
            yield Sent(feed, unnamed=True, data=data, fires=walk.firings(fact, path))
            return


def sent_as_told(place: Place, container: Container, fires: tuple[Firing, ...]) -> Sent:
    """What the organisation says comes to a server container from some pages."""
    feed = Feed("the page, as the configuration says,", place, container.container_id)
    return Sent(feed, unnamed=True, fires=fires)


def _shown(server: Value) -> str:
    """The address of a server as it is written; empty where only a running page knows it."""
    return shown(server) if host_of(server) else ""


def host_of(server: Value) -> str:
    """The host of an address; of one on the site itself its path."""
    text: Value = server
    if isinstance(server, str) and "//" not in server and not server.startswith("/"):
        text = f"https://{server.strip()}"
    address = address_of(text)
    if address is None or "\x00" in address.host:
        return ""
    return address.host or address.path.rstrip("/")


def hosts_asked(fact: Fact) -> Iterator[str]:
    """The hosts that a script or a frame is loaded from."""
    if isinstance(fact, ScriptLoad | Frame):
        yield from filter(None, map(host_of, options(fact.url)))


def _server_of(given: Object) -> Value:
    """The server that settings name."""
    if given.get("enableSendToServerContainer") in ("false", False):
        return None
    tables = (table for key in TABLES if isinstance(table := given.get(key), Object))
    for each in (given, *tables):
        for name in SERVER_NAMES:
            value = each.get(name)
            if value not in (None, ""):
                return next((one for one in options(value) if isinstance(one, str)), value)
    return None


def _addresses(tag: Tag) -> Iterator[Value]:
    """The settings of a tag that may be addresses, and what its own code asks."""
    for _, value in tag.parameters.items:
        yield from (each for each in options(value) if isinstance(each, str | Text))
    for fact in tag.facts:
        if isinstance(fact, Request | Pixel):
            yield from options(fact.url)


def _names(value: Value) -> tuple[tuple[str, ...], bool]:
    """The names that an event may have, and whether one of them cannot be read."""
    given = options(value)
    names = tuple(dict.fromkeys(each for each in given if isinstance(each, str) and each))
    return names, any(not isinstance(each, str) for each in given)


def _data(given: Object, tables: Sequence[str]) -> Object:
    """What settings put into events, by the names that it has on the server."""
    found: list[tuple[str, Value]] = []
    for key in tables:
        for each in options(given.get(key)):
            found += each.items if isinstance(each, Object) else ()
    if isinstance(properties := given.get("userProperties"), Object):
        found.append(("user_properties", properties))
    for key in PERSON:
        if (person := given.get(key)) is not None and key not in tables:
            found.append(("user_data", person))
    if given.get("user_id") is not None:
        found.append(("user_id", given.get("user_id")))
    return Object(tuple((key, value) for key, value in found if key not in SERVER_NAMES))


def _flat(given: Object) -> Object:
    """The settings, with the rows of their tables beside them."""
    rows = [row for _, value in given.items if isinstance(value, Object) for row in value.items]
    return Object((*rows, *given.items))


def _spellings(key: str) -> Iterator[str]:
    """How a sender may have called what the server calls by this key.

    A person's data stands apart on the server, and has longer names there.
    """
    yield key
    for prefix in PROPERTIES:
        if key.startswith(prefix):
            yield f"user_properties.{key.removeprefix(prefix)}"
    holder, _, last = key.rpartition(".")
    last = last.removeprefix("sha256_")
    names = (last, {"email_address": "email", "email": "email_address"}.get(last, last))
    if holder.startswith("user_data"):
        for name in names:
            yield f"user_data.{name}"
            yield f"user_data.address.{name}"
            yield name
    elif not holder and key != last:
        yield from names


def _together(firing: Firing, config: Firing) -> Firing:
    """An event that goes where another tag sends it, so that both have to run."""
    sure = firing.verdict is Verdict.YES and config.verdict is Verdict.YES
    return replace(
        firing,
        verdict=Verdict.YES if sure else Verdict.MAYBE,
        conditions=tuple(dict.fromkeys((*firing.conditions, *config.conditions))),
    )


def _written(call: Call) -> str:
    words = ", ".join(f"'{each}'" for each in call.args[:2] if isinstance(each, str))
    return f"{call.callee}({words})"
