"""WordPress's hooks: what is printed where, because a function waits for a word to be called out.

`add_action('wp_head', 'pixel')` prints on every template that comes to `wp_head()`. What WordPress
itself, a plugin or a theme elsewhere calls out happens on pages that are in no file here: they are
told under the names of the files that make them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from analyzer.frameworks import Missing, PageAt
from analyzer.frameworks._php_notes import PhpNote
from analyzer.frameworks._php_site import SAME_NAME, PhpSite, Spot, Way
from analyzer.frameworks._wordpress_themes import STAFF_PAGE

FRONT = "wp-blog-header.php"  # every page that visitors are shown passes this file of WordPress
HEAD = frozenset(
    {
        "wp_head",
        "wp_enqueue_scripts",
        "wp_print_scripts",
        "wp_print_styles",
        "script_loader_tag",
        "wp_resource_hints",
    }
)
EARLY = frozenset(  # called out before anything is printed: what they enqueue comes with the head
    {
        "init",
        "wp",
        "wp_loaded",
        "plugins_loaded",
        "after_setup_theme",
        "template_redirect",
        "wp_default_scripts",
        "template_include",
    }
)
CALLED_OUT = {  # functions of WordPress, and the hooks that they call out
    "wp_head": HEAD | EARLY,
    "wp_footer": frozenset({"wp_footer", "wp_print_footer_scripts"}),
    "wp_body_open": frozenset({"wp_body_open"}),
    "get_header": frozenset({"get_header"}),
    "get_footer": frozenset({"get_footer"}),
    "get_sidebar": frozenset({"get_sidebar", "dynamic_sidebar_before", "dynamic_sidebar_after"}),
    "the_content": frozenset({"the_content"}),
    "the_excerpt": frozenset({"the_excerpt"}),
    "dynamic_sidebar": frozenset({"dynamic_sidebar_before", "dynamic_sidebar_after"}),
    "comment_form": frozenset({"comment_form", "comment_form_before", "comment_form_after"}),
    "body_class": frozenset({"body_class"}),
    "wp_nav_menu": frozenset({"wp_nav_menu", "wp_nav_menu_items"}),
}
ASSUMED = {  # what any header or footer is taken to call out
    "get_header": CALLED_OUT["wp_head"] | CALLED_OUT["wp_body_open"],
    "get_footer": CALLED_OUT["wp_footer"],
}
EVERYWHERE = HEAD | EARLY | CALLED_OUT["wp_footer"] | CALLED_OUT["wp_body_open"]
# called out where no page is made: requests of scripts, jobs, saving, mails
NO_PAGE = re.compile(
    r"(?:wp_ajax|admin_post|rest|save|cron|wp_mail|phpmailer|transition|pre)_\w+.*"
)
STAFF = ("signed in to WordPress",)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Pages that WordPress or a plugin makes: their hooks, the file that makes them, addresses."""

    hooks: re.Pattern[str]
    path: str
    routes: tuple[str, ...]
    needs: tuple[str, ...] = ()

    @property
    def page(self) -> PageAt:
        known = ((STAFF_PAGE, self.needs == STAFF),)
        return PageAt(self.path, self.routes, needs=self.needs, known=known)


PLACES = (
    Elsewhere(re.compile(r"login_\w+"), "wp-login.php", ("/wp-login.php",)),
    Elsewhere(
        re.compile(
            r"(?:in_)?admin_(?:head|footer|enqueue_scripts|print_\w+|notices|init|menu)\b.*"
        ),
        "wp-admin/admin-header.php",
        ("/wp-admin/**",),
        STAFF,
    ),
    Elsewhere(
        re.compile(r"woocommerce_(?:thankyou|order_details_\w+|thankyou_\w+)"),
        "woocommerce/templates/checkout/thankyou.php",
        ("/checkout/order-received/*",),
    ),
    Elsewhere(
        re.compile(r"woocommerce_(?:\w+_)?checkout\w*|woocommerce_review_order_\w+"),
        "woocommerce/templates/checkout/form-checkout.php",
        ("/checkout/",),
    ),
    Elsewhere(
        re.compile(r"woocommerce_(?:before|after)_cart\w*|woocommerce_cart_\w+"),
        "woocommerce/templates/cart/cart.php",
        ("/cart/",),
    ),
    Elsewhere(
        re.compile(r"woocommerce_(?:\w+_)?single_product\w*"),
        "woocommerce/templates/single-product.php",
        ("/product/*",),
    ),
    Elsewhere(
        re.compile(r"woocommerce_(?:before_|after_)?(?:my_)?account\w*"),
        "woocommerce/templates/myaccount/my-account.php",
        ("/my-account/",),
        ("WooCommerce account",),
    ),
)
FRONT_PAGES = PageAt(FRONT, ("/**",), known=((STAFF_PAGE, False),))


class Hooks:
    """Who calls out each hook, and who waits for it."""

    def __init__(
        self,
        site: PhpSite,
        *,
        theme: bool,
        complete: bool,
        front: tuple[str, ...],
        assumed: list[PhpNote],
        together: Callable[[str, str], bool],
    ) -> None:
        self.site = site
        self.together = together  # can two files be in use at once, or are their themes rivals?
        self.assumed = assumed  # calls for a header or footer that another theme holds
        self.theme = theme  # a theme is among the files
        self.complete = complete  # with all of its parts
        self.front = front  # templates that WordPress itself gives a head and a foot
        self.pages: dict[str, PageAt] = {}
        self.lost: list[tuple[Spot, Missing]] = []

    def ways(self) -> Iterator[Way]:
        """From each place that calls out a hook to what waits for it."""
        waiting: dict[str, list[tuple[PhpNote, Spot, float]]] = {}
        for note in self._added():
            hook, callback = _hook_of(note)
            for spot, sure in self._callbacks(note, callback):
                if not self.together(note.place.path, spot[0]):
                    continue
                waiting.setdefault(hook, []).append((note, spot, sure))
        fired = self._fired()
        for hook, listed in sorted(waiting.items()):
            calls = fired.get(hook, [])
            for note, spot, sure in listed:
                for call, certain in calls:
                    if not self.together(call.place.path, spot[0]):
                        continue
                    outer = (call.place.path, call.function)
                    guards = tuple(dict.fromkeys((*call.guards, *note.guards)))
                    yield Way(outer, spot, call.place, guards, call.blocks, min(sure, certain))
                yield from self._elsewhere(hook, note, spot, sure, bool(calls))

    def _added(self) -> Iterator[PhpNote]:
        for note in self.site.all("call"):
            bare = note.name.rpartition("->")[2].rpartition("::")[2]
            if bare in ("add_action", "add_filter") and len(note.values) > 1:
                yield note

    def _callbacks(self, note: PhpNote, number: int) -> Iterator[tuple[Spot, float]]:
        path = note.place.path
        for value in note.values[number] if number < len(note.values) else ():
            if len(value) != 1:
                continue
            kind, name = value[0]
            if kind == "function":
                yield (path, name), 1.0
            elif kind == "method" or kind == "text":
                bare = name.rpartition("\\")[2] if kind == "text" and "::" not in name else name
                written = bare.lstrip(":") if bare.startswith("::") else bare
                called = written if kind == "text" or "::" in written else f"->{written}"
                yield from self.site.meant(called, path, note.function)
            if number == 2 and kind == "text":  # a loader is given an object and a method's name
                yield from self.site.meant(f"->{name}", path, note.function)

    def _fired(self) -> dict[str, list[tuple[PhpNote, float]]]:
        """The calls that call out each hook."""
        found: dict[str, list[tuple[PhpNote, float]]] = {}
        for note in self.site.all("call"):
            if note.name in ("do_action", "apply_filters", "do_action_ref_array"):
                for hook in note.texts(0):
                    found.setdefault(hook, []).append((note, 1.0))
            for hook in CALLED_OUT.get(note.name, ()):
                found.setdefault(hook, []).append((note, 0.95))
        for note in self.assumed:
            for hook in ASSUMED.get(note.name, ()):
                found.setdefault(hook, []).append((note, SAME_NAME))
        return found

    def _elsewhere(
        self, hook: str, note: PhpNote, spot: Spot, sure: float, called: bool
    ) -> Iterator[Way]:
        """Pages outside of the files on which the hook is called out."""
        place = next((each for each in PLACES if each.hooks.fullmatch(hook)), None)
        if place is not None:
            yield self._outside(place.page, note, spot, min(sure, 0.95))
        elif hook in EVERYWHERE:
            for path in self.front:
                if self.together(path, spot[0]):
                    yield Way((path, ""), spot, note.place, note.guards, (), min(sure, 0.95))
            if not called and not self.front:
                yield self._outside(FRONT_PAGES, note, spot, SAME_NAME)
        elif NO_PAGE.fullmatch(hook):
            return
        elif not called and not self.complete:
            yield self._outside(FRONT_PAGES, note, spot, 0.5)
        elif not called and self.theme:
            self.lost.append((spot, Missing(note.place, "hook that no file calls out", hook)))

    def _outside(self, page: PageAt, note: PhpNote, spot: Spot, sure: float) -> Way:
        own = next(
            (each for each in sorted(self.site.project.paths) if each.endswith("/" + page.path)), ""
        )
        path = own or page.path
        self.pages[path] = replace(page, path=path)
        return Way((path, ""), spot, note.place, note.guards, (), sure)


def _hook_of(note: PhpNote) -> tuple[str, int]:
    """The hook that a function is added to, and the number of the argument that names it.

    `$this->loader->add_action('wp_head', $plugin, 'pixel')` names a method behind its object.
    """
    loader = note.name.startswith("->") and len(note.values) > 2 and bool(note.text(2))
    return note.text(0), 2 if loader and not note.text(2).isdigit() else 1
