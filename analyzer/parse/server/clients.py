"""Which calls talk to other hosts: the names of HTTP clients and of what only wraps an address."""

from __future__ import annotations

import re

FUNCTIONS = re.compile(
    r"^(?:curl_(?:init|setopt|setopt_array)|wp_(?:safe_)?remote_(?:get|post|head|request)|drupal_http_request"
    r"|file_get_contents|fopen|urlopen|urlretrieve|POST|GET|PUT|PATCH)$"
)
CLASSES = re.compile(
    r"^(?:\w*Http\w*|HTTP\w*|\w*Client|Api|\w*Request|\w*Connection|WebRequest|Faraday|HTTParty|Post|Get|Put|Patch|\w*Session"
    r"|Retrofit)$"
)
NO_CLIENT = re.compile(
    r"(?i)(?:exception|error|response|header|handler|controller|middleware|filter|entity)s?$"
)
STRONG = re.compile(
    r"(?i)^(?:post(?:_?(?:form|json|async|for|as|data|body|string)\w*)?|patch(?:as\w*|_?json\w*|async\w*)?)$"
)
WEAK = re.compile(
    r"(?i)^(?:get|put|head|delete|request|send|fetch|execute|exchange|stream|call|open|uri|url|base_?ur[il]|target|create"
    r"|connect|new_?request\w*|newBuilder|newCall|start|run_request|build_request|to|method|retrieve"
    r"|(?:get|send|upload|download|delete|head|put|request)_?(?:for|async|string|json|stream|form|as|data|object)\w*)$"
)
CLIENT_PARTS = re.compile(
    r"(?i)^(?:\w*client|\w*session|\w*https?|\w*conn|\w*connection|\w*rest_?template|\w*requests?|httpx\w*|faraday|httparty"
    r"|typhoeus|excon|curl|curb|\w*guzzle|unirest|fuel|jsoup|retrofit|resty|urllib\d?|aiohttp|treq|grequests|agent"
    r"|httprequest|pool|transport)$"
)
STAND_INS = re.compile(
    r"(?i)mock|stub|fake|^responses$|httpretty|respx|nock|vcr|webmock|expect|assert"
)
OWN = frozenset({"self", "this", "static", "parent", "cls", "base", "super", ""})
WRAPPERS = re.compile(
    r"(?i)^(?:send|post|request|do_?request|make_?(?:request|call)|call_?api|api_?(?:call|request)"
    r"|http_?(?:get|post|request)|curl|send_?(?:request|event|data|post)\w*|post_?(?:request|event|data|json)\w*)$"
)
RECEIVERS = re.compile(
    r"^(?:openConnection|openStream|readText|(?:Post|Put|Send|Get)\w*Async|httpPost|httpGet|httpPut)$"
)
BASES = re.compile(r"(?i)^(?:base_?ur[il]|base_?address|endpoint_?base|prefix_?url)$")
URL_KEYS = re.compile(
    r"(?i)^(?:url|uri|base_?ur[il]|base_?address|api_?url|api_?endpoint|endpoint|curlopt_url|address|fullurl"
    r"|prefix_?url|requesturi)$"
)
BODY_KEYS = re.compile(
    r"(?i)^(?:json|data|body|payload|form_params|form|params|multipart|content|curlopt_postfields|query"
    r"|form_data|fields|files)$"
)
NO_BODY_KEYS = re.compile(
    r"(?i)^(?:headers?|timeout|auth|verify|cookies|proxies|options|method|url|uri|curlopt_(?!postfields)\w+)$"
)
# What stands around an address without changing where it leads.
TRANSPARENT = re.compile(
    r"(?:^|\.|new )(?:URI|URL|Uri|Url)(?:\.(?:parse|create|new|join|encode|Parse))?$"
    r"|(?:^|\.)(?:HttpUrl\.(?:parse|get)|Uri\.parse|url\.Parse|Url\.Combine|URI\.HTTPS?\.build"
    r"|UriComponentsBuilder\.(?:fromHttpUrl|fromUriString)|add_query_arg|esc_url(?:_raw)?|esc_js|esc_attr|urljoin"
    r"|[rl]?trim|toHttpUrl|(?:new )?StringBuilder|strval|String|str|Optional\.of)$"
)
UNCHANGED = frozenset(
    {
        "freeze",
        "strip",
        "to_s",
        "to_str",
        "toString",
        "ToString",
        "trim",
        "Trim",
        "TrimEnd",
        "html_safe",
        "chomp",
        "build",
        "toURL",
        "toURI",
        "toUri",
        "host",
        "hostname",
        "port",
        "path",
        "request_uri",
        "String",
        "build_url",
        "toHttpUrl",
        "toHttpUrlOrNull",
        "toUriString",
        "encode",
        "expand",
        "buildAndExpand",
        "uri",
        "normalize",
        "queryParam",
        "query",
        "addQueryParameter",
        "appendQueryParameter",
        "newBuilder",
        "intern",
        "dup",
        "as_str",
        "SetQueryParam",
        "AppendPathSegment",
    }
)
FORMATS = re.compile(r"(?:^|\.)(?:sprintf|Sprintf|format|Format|formatted|kformat)$")
DEFAULTED = re.compile(
    r"(?:^|\.)(?:fetch|getenv|env|getOrDefault|getProperty|config|get_option|dig|get|coalesce)$"
)


def is_client(name: str, sends_nearby: bool = False) -> bool:
    """Does a call of this name talk to another host? `sends_nearby`: the program surely does so."""
    made = name.startswith("new ")
    name = name.removeprefix("new ")
    receiver, _, last = name.rpartition(".")
    parts = receiver.split(".") if receiver else []
    if any(STAND_INS.search(part) for part in (*parts, last)):
        return False
    if last == "new" and parts:
        made, last, parts = True, parts[-1], parts[:-1]
    if made or last[:1].isupper():
        if CLASSES.match(last) and not NO_CLIENT.search(last):
            return True
        if made:
            return False
    if FUNCTIONS.match(last) and (not receiver or parts[0].startswith("urllib")):
        return True
    if STRONG.match(last) and receiver and receiver not in OWN:
        return True
    if (WEAK.match(last) or STRONG.match(last)) and any(CLIENT_PARTS.match(part) for part in parts):
        return True
    if BASES.match(last):
        return True
    return (
        sends_nearby
        and receiver.rpartition(".")[2] in OWN
        and bool(WRAPPERS.match(last) or STRONG.match(last))
    )
