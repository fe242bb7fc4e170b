"""Words of PHP and of what is built on it, as far as they decide what is printed where."""

from __future__ import annotations

import re

INCLUDES = frozenset({"include", "include_once", "require", "require_once"})
MODIFIERS = frozenset(
    {"public", "private", "protected", "static", "abstract", "final", "readonly", "var"}
)
CLASSES = frozenset({"class", "interface", "trait", "enum"})
FORMATS = frozenset({"sprintf", "printf", "vsprintf", "vprintf"})
# what hands on a text that it is given: the number of the argument
HANDS_ON = {
    "trim": 0,
    "apply_filters": 1,
    "__": 0,
    "_e": 0,
    "wp_kses_post": 0,
    "wp_kses": 0,
    "do_shortcode": 0,
    "wpautop": 0,
    "stripslashes": 0,
    "html_entity_decode": 0,
    "htmlspecialchars_decode": 0,
    "print": 0,
    "minify": 0,
}
SCRIPTS = {  # what prints a script: the number of the argument that holds it
    "wp_add_inline_script": 1,
    "wp_print_inline_script_tag": 0,
    "wp_get_inline_script_tag": 0,
    "wc_enqueue_js": 0,
}
VIEWS = frozenset({"view", "include", "insert", "partial", "element", "renderpartial"})
# a condition about the program and not about the page or its visitor
ABOUT_CODE = re.compile(
    r"!?\s*\\?(?:function_exists|class_exists|method_exists|is_callable|defined|file_exists"
    r"|interface_exists|is_array|is_file|is_readable|trait_exists|have_posts)\s*\([^()]*\)$"
)
ASKS_LOGIN = re.compile(
    r"(?:!\s*|\bnot\s+)(?:\\?is_user_logged_in\s*\(|isset\s*\(\s*\$_SESSION\b|\$_SESSION\b"
    r"|[\w$>:()-]*(?:logged_?in|signed_?in|authenticated|is_?auth|auth\w*(?:->|::)check)\w*\s*\()"
    r"|\bcannot\s*\(|empty\s*\(\s*\$_SESSION\b|\$_SESSION\s*\[[^\]]+\]\s*(?:!==?|===?)|session_status|get_current_user_id\(\)\s*==?=?\s*0",
    re.I,
)
SENDS_AWAY = re.compile(
    rb"\b(?:exit|die|auth_redirect|wp_(?:safe_)?redirect|redirect|wp_die|abort)\b|[Ll]ocation:"
)
LOGIN_CALL = re.compile(
    r"^(?:auth_redirect|(?:require|check|ensure|verify|force|enforce)_?"
    r"(?:user_?)?(?:is_?)?(?:login|log(?:ged)?_?in|auth\w*|session)\w*)$",
    re.I,
)
# texts that hold all of an element, or are a statement of a script
WHOLE_ELEMENT = re.compile(
    rb"<script\b[\s\S]*?</script|<(?:img|iframe|link)\b[^<>]*>|<noscript\b|<(?:html|head|body|form)\b",
    re.I,
)
STATEMENT = re.compile(
    rb"\s*(?:/\*[^*]{0,200}\*/\s*)?(?:(?:window|var|let|const)\b[\s.]*)?"
    rb"(?=[\w$.]{0,60}[a-z])[A-Za-z_$][\w$.]{0,60}\s*"  # capitals alone are a function of SQL
    rb"(?:\([^<]*\)\s*;?|\.push\([^<]*|=[^<=]*;)\s*\Z"
)
# functions of PHP and WordPress that print nothing of the site's own: nobody has to follow them
QUIET = re.compile(
    r"(?:esc_|is_|str|array_?|preg_|json_|mb_|wp_kses|sanitize_|ob_|session_|ini_|date|time|url"
    r"|file_|html|ctype_|in_array|count|implode|explode|printf|sprintf|intval|absint|trim|exit|die"
    r"|defined|header|setcookie|error_|var_|class_|function_|method_|extract|compact|max|min|round"
    r"|number_|ucfirst|ucwords|rand|md5|sha1|unset|sizeof|end|current|reset|key|usort|sort|ksort"
    r"|_[_enx]{1,2}\Z|bloginfo|language_attributes|body_class|post_class|home_url|site_url|base_url"
    r"|admin_url|get_(?:option|field|sub_field|post_meta|the_\w+|permalink|bloginfo|template_directory"
    r"|stylesheet_directory|query_var|post_type|theme_mod|user_meta|terms|posts|instance)"
    r"|the_(?:title|permalink|id|post|row|field|sub_field|time|date|author|post_thumbnail)"
    r"|have_(?:posts|rows)|wp_reset_|add_theme_support|register_|__\(|lang\Z|apply_filters\Z)",
    re.I,
)
