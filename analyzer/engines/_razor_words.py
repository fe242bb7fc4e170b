"""How Razor writes its markup, its directives and the blocks of its code."""

from __future__ import annotations

import re

TEXT = re.compile(rb"@|(?P<brace>[{}])|<!--|(?P<tag></?!?[A-Za-z][\w:.-]*)")
IN_TAG = re.compile(rb"@|(?P<brace>[{}])|(?P<quote>[\"'])|(?P<end>/?>)|<(?=/?[A-Za-z])")
QUOTED = {quote: re.compile(rb"@|(?P<brace>[{}])|" + quote) for quote in (b'"', b"'")}
RAW = {
    name: re.compile(rb"@|(?P<brace>[{}])|</" + name + rb"\b", re.I)
    for name in (b"script", b"style")
}
DIRECTIVE = re.compile(
    rb"@(?:model|using(?!\s*\()|inject|namespace|addTagHelper|removeTagHelper|tagHelperPrefix|inherits"
    rb"|attribute|implements|page|rendermode|typeparam|preservewhitespace)\b[^\n]*"
    rb"|@layout\s+(?P<layout>[\w.]+)[^\n]*"
)
BLOCK = re.compile(
    rb"@(?:section\s+(?P<section>[\w-]+)|(?P<code>functions|code)\b|(?P<do>do|try|lock|using|for|foreach"
    rb"|while|switch|if)\b(?=\s*[({])|(?=\{))\s*(?P<brace>\{)?"
)
TURN = re.compile(rb"\s*else(?:\s+if\s*(?P<asks>\()|\s*(?P<brace>\{))")
ASKED = re.compile(rb"\s*(?:@if|if|switch)\s*\(")
BEHIND = re.compile(rb"\s*\{")
CHAIN = re.compile(rb"\??\.(?=[A-Za-z_])|!(?=[.\[(])")
PARTIAL = re.compile(
    rb"<partial\b[^<>]{0,600}?\bname\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')"
)
ENVIRONMENT = re.compile(
    rb"<environment\b[^<>]{0,300}?\b(?P<how>include|names|exclude)\s*=\s*[\"'](?P<names>[^\"']*)[\"']"
)
OWN_COMPONENTS = re.compile(  # what Blazor itself brings
    rb"</?(?:Router|Found|NotFound|RouteView|AuthorizeRouteView|AuthorizeView|Authorized|NotAuthorized|Authorizing"
    rb"|FocusOnNavigate|LayoutView|CascadingValue|CascadingAuthenticationState|PageTitle|Head(?:Content|Outlet)"
    rb"|EditForm|Input\w+|Validation\w+|DataAnnotationsValidator|NavLink|ErrorBoundary|ErrorContent|ChildContent"
    rb"|DynamicComponent|Virtualize|Section(?:Content|Outlet)|ImportMap|AntiforgeryToken)\b"
)
