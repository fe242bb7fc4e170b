"""Where the values that scripts hand over come from, through all that is done to them on the way."""

from __future__ import annotations

from functools import cache

import pytest

from analyzer import signatures
from analyzer.carried import carried
from analyzer.match import Matcher
from analyzer.model import Datum, Hole, Object, Origin, OriginKind, Request, Source, holes, made_of
from analyzer.parse.files import parse


@cache
def matcher() -> Matcher:
    return Matcher(signatures.load())


def data_of(code: str, path: str = "lead.js") -> dict[str, Datum]:
    """What the trackers of a script are handed, by its names; the last of a name counts."""
    parsed = parse(Source(path, code.encode()), signatures.load().vocabulary)
    assert not parsed.skips
    found = [each for fact in parsed.facts for hit in matcher().detect(fact) for each in hit.data]
    return {each.name: each for each in found if each.name != "event"}


def told(datum: Datum) -> list[str]:
    """All that a datum is made of, from what is handed over to where it is born."""
    found = [str(each) for hole in holes(datum.value) for each in made_of(hole.origin)]
    return list(dict.fromkeys(found))


def sent(code: str) -> str:
    return f"fbq('track', 'Lead', {{x: {code}}});"


READ = {
    # fields of forms
    "document.getElementById('email').value": "form field #email",
    "document.querySelector('input[name=phone]').value": "form field input[name=phone]",
    "document.forms.intake.dob.value": "form field #intake [name=dob]",
    "document.forms[0]['ssn'].value": "form field form [name=ssn]",
    "document.getElementById('intake').elements.email.value": "form field #intake [name=email]",
    "document.getElementById('intake').email.value": "form field #intake [name=email]",
    "$('#intake').find('[name=email]').val()": "form field #intake [name=email]",
    "$('#intake').serialize()": "whole form #intake",
    "new FormData(document.querySelector('#intake'))": "whole form #intake",
    "new FormData(document.querySelector('#intake')).get('dob')": "form field #intake [name=dob]",
    "Object.fromEntries(new FormData(document.forms[0])).email": "form field form [name=email]",
    # the page
    "document.getElementById('card').dataset.patientId": "page element #card[data-patient-id]",
    "document.querySelector('.mrn').getAttribute('data-mrn')": "page element .mrn[data-mrn]",
    "document.querySelector('#name').textContent": "page element #name",
    # the address
    "window.location.pathname": "page address location.pathname",
    "new URLSearchParams(location.search).get('q')": "query parameter q",
    "new URL(location.href).searchParams.get('email')": "query parameter email",
    "getParameterByName('phone')": "query parameter phone",
    "this.$route.query.email": "query parameter email",
    # what browsers keep
    "Cookies.get('uid')": "cookie uid",
    "$.cookie('uid')": "cookie uid",
    "getCookie('uid')": "cookie uid",
    "localStorage['phone']": "browser storage phone",
    "document.cookie.match(/uid=([^;]+)/)[1]": "cookie uid",
    "decodeURIComponent(/(?:^|; )uid=([^;]*)/.exec(document.cookie)[1])": "cookie uid",
    "location.search.match(/[?&]mrn=([^&]+)/)[1]": "query parameter mrn",
    "document.cookie.match(/; *([^=]+)/)[0]": "cookie 0",
    "JSON.parse(localStorage.getItem('user')).email": "browser storage user.email",
    # through what is done to it
    "`to ${document.querySelector('#email').value}`": "form field #email",
    "btoa(document.querySelector('#email').value.trim())": "form field #email",
    "navigator.userAgent": "script variable navigator.userAgent",
    "window.user.email": "script variable user.email",
}


@pytest.mark.parametrize(("code", "origin"), READ.items())
def test_what_is_read_is_told(code: str, origin: str) -> None:
    assert told(data_of(sent(code))["x"]) == [origin]


WAYS = {
    "a function inside another one is called above its declaration": (
        "(function () { function book(it) { tell(it.name, it.data); }"
        " function tell(name, data) { fbq('track', name, {x: data.mail}); }"
        " document.querySelector('#go').onclick = () => {"
        " book({name: 'Lead', data: {mail: document.querySelector('#mail').value}}); }; })();",
        ["form field #mail"],
    ),
    "a module gives out its functions by name": (
        "var T = (function () { function send(a, d) { fbq('track', a, {x: d}); }"
        " return {send: send}; })(); T.send('Lead', document.querySelector('#mail').value);",
        ["form field #mail"],
    ),
    "a module gives out its functions in short": (
        "const T = (() => { function send(a, d) { fbq('track', a, {x: d}); }"
        " return {send}; })(); T.send('Lead', document.querySelector('#mail').value);",
        ["form field #mail"],
    ),
    "a function makes a tracker of what it is given": (
        "const make = (id) => ({send: (name, d = {}) => fbq('track', name, {...d, id})});"
        " const t = make('1'); t.send('Lead', {x: document.querySelector('#mail').value});",
        ["form field #mail"],
    ),
    "what a function makes is used at once": (
        "function make(id) { function send(d) { fbq('track', id, {x: d}); } return {send}; }"
        " make('Lead').send(document.querySelector('#mail').value);",
        ["form field #mail"],
    ),
    "a hook gives a list of functions": (
        "function useTell() { return [(d) => fbq('track', 'Lead', {x: d})]; }"
        " const [tell] = useTell(); tell(document.querySelector('#mail').value);",
        ["form field #mail"],
    ),
    "an event that names its account": (
        "gtag('event', 'booked', {send_to: 'G-ABCD123456',"
        " x: document.querySelector('#mail').value});",
        ["form field #mail"],
    ),
    "an event that names several accounts": (
        "gtag('event', 'booked', {send_to: ['G-ABCD123456', 'AW-1234567890/a'],"
        " x: document.querySelector('#mail').value});",
        ["form field #mail"],
    ),
    "a function is put into the window": (
        "window.tell = function (d) { fbq('track', 'Lead', {x: d}); };"
        " tell(document.querySelector('#mail').value);",
        ["form field #mail"],
    ),
    "an object is put into the window under another name": (
        "(function (w) { w.T = {send: function (d) { fbq('track', 'Lead', {x: d}); }}; })(window);"
        " T.send(document.querySelector('#mail').value);",
        ["form field #mail"],
    ),
    "a name is set without a declaration": (
        "T = {send: function (d) { fbq('track', 'Lead', {x: d}); }};"
        " window.T.send(document.querySelector('#mail').value);",
        ["form field #mail"],
    ),
    "a listener gets an event of its element": (
        "document.querySelector('#dob').addEventListener('input', (e) => {"
        " fbq('track', 'Lead', {x: e.target.value}); });",
        ["form field #dob"],
    ),
    "in a listener the element is this": (
        "$('#dob').on('change', function () { fbq('track', 'Lead', {x: $(this).val()}); });",
        ["form field #dob"],
    ),
    "a listener further out names its element itself": (
        "$(document).on('change', '#dob', function () {"
        " fbq('track', 'Lead', {x: $(this).val()}); });",
        ["form field #dob"],
    ),
    "a form is the target of its event": (
        "document.querySelector('#intake').addEventListener('submit', (e) => {"
        " fbq('track', 'Lead', {x: e.currentTarget.zip.value}); });",
        ["form field #intake [name=zip]"],
    ),
    "a variable is set in one listener and sent in another": (
        "let dob; document.querySelector('#dob').addEventListener('input', (e) => {"
        " dob = e.target.value; });"
        "document.querySelector('#go').addEventListener('click', () => {"
        " fbq('track', 'Lead', {x: dob}); });",
        ["form field #dob"],
    ),
    "a property is set later": (
        "const data = {}; data.x = document.querySelector('#email').value;"
        "fbq('track', 'Lead', data);",
        ["form field #email"],
    ),
    "a property of a property is set later": (
        "const data = {user: {}}; data.user.x = document.querySelector('#email').value;"
        "fbq('track', 'Lead', data);",
        ["form field #email"],
    ),
    "a list is pushed to": (
        "const list = []; list.push(document.querySelector('#email').value);"
        "fbq('track', 'Lead', {x: list});",
        ["form field #email"],
    ),
    "objects are put together": (
        "const data = Object.assign({}, {x: document.querySelector('#email').value});"
        "fbq('track', 'Lead', {...data});",
        ["form field #email"],
    ),
    "patterns take objects apart": (
        "const {user: {mail: x = 'none'}} = {user: {mail: document.querySelector('#email').value}};"
        "fbq('track', 'Lead', {x});",
        ["form field #email"],
    ),
    "a loop over the fields is the whole form": (
        "const data = {}; document.querySelector('#intake').querySelectorAll('input')"
        ".forEach((i) => { data[i.name] = i.value; }); fbq('track', 'Lead', {x: data.email});",
        ["form field #intake [name=email]"],
    ),
    "a loop over the entries is the whole form": (
        "const data = {}; for (const [k, v] of new FormData(document.forms[0])) data[k] = v;"
        "fbq('track', 'Lead', {x: data.email});",
        ["form field form [name=email]"],
    ),
    "a function reads the field that it is told": (
        "function val(id) { return document.getElementById(id).value; } val('other');"
        "fbq('track', 'Lead', {x: val('email')});",
        ["form field #email"],
    ),
    "an answer is awaited": (
        "async function go() { const r = await fetch('/api/patient'); const p = await r.json();"
        " fbq('track', 'Lead', {x: p.contact.email}); }",
        ["response of a request /api/patient > contact.email"],
    ),
    "an answer of an XMLHttpRequest": (
        "var xhr = new XMLHttpRequest(); xhr.open('GET', '/api/patient');"
        " xhr.onload = function () { var p = JSON.parse(xhr.responseText);"
        " fbq('track', 'Lead', {x: p.email}); }; xhr.send();",
        ["response of a request /api/patient > email"],
    ),
    "an answer that a listener of the request holds": (
        "function go(id) { const asked = new XMLHttpRequest();"
        " asked.addEventListener('load', function () {"
        " fbq('track', 'Lead', {x: JSON.parse(this.response).email}); });"
        " asked.open('POST', '/api/visit/' + id, true); asked.send(); }",
        ["response of a request /api/visit/${id} > email"],
    ),
    "an answer comes through promises": (
        "fetch('/api/patient').then((r) => r.json()).then(({email}) => {"
        " fbq('track', 'Lead', {x: email}); });",
        ["response of a request /api/patient > email"],
    ),
    "an answer is among the options of a request": (
        "$.ajax({url: '/api/patient', success: function (d) {"
        " fbq('track', 'Lead', {x: d.email}); }});",
        ["response of a request /api/patient > email"],
    ),
    "a place on earth": (
        "navigator.geolocation.getCurrentPosition((p) => {"
        " fbq('track', 'Lead', {x: p.coords.latitude}); });",
        ["script variable geolocation.coords.latitude"],
    ),
    "a hash keeps what it is made of": (
        "fbq('track', 'Lead', {x: CryptoJS.SHA256(document.querySelector('#email').value)"
        ".toString()});",
        ["hash CryptoJS.SHA256", "form field #email"],
    ),
    "a hash of the browser's own": (
        "async function go() { const bytes = new TextEncoder().encode("
        "document.querySelector('#email').value);"
        " const hash = await crypto.subtle.digest('SHA-256', bytes);"
        " const x = [...new Uint8Array(hash)].map((b) => b.toString(16).padStart(2, '0'))"
        ".join(''); fbq('track', 'Lead', {x}); }",
        ["hash crypto.subtle.digest", "form field #email"],
    ),
    "a function of the script's own that hashes": (
        "async function code(v) { const h = await crypto.subtle.digest('SHA-256', v);"
        " return hex(h); }"
        "code(document.querySelector('#email').value).then((x) => fbq('track', 'Lead', {x}));",
        ["hash code", "form field #email"],
    ),
}


@pytest.mark.parametrize(("code", "origins"), WAYS.values(), ids=WAYS.keys())
def test_a_value_is_followed(code: str, origins: list[str]) -> None:
    assert told(data_of(code)["x"]) == origins


FRAMEWORKS = {
    "Web Forms write the id of a field": (
        "visit.aspx",
        "<script>fbq('track', 'Lead', {x: $('#<%= txtMRN.ClientID %>').val()});</script>",
        ["form field #txtMRN"],
    ),
    "Django writes the id of a field": (
        "visit.html",
        "<script>fbq('track', 'Lead',"
        " {x: document.getElementById('{{ form.mrn.id_for_label }}').value});</script>",
        ["form field #form.mrn"],
    ),
    "React state is what its inputs set": (
        "lead.jsx",
        "export function Lead() { const [mail, setMail] = useState('');"
        " const go = () => fbq('track', 'Lead', {x: mail});"
        " return <form onSubmit={go}><input id='email' value={mail}"
        " onChange={(e) => setMail(e.target.value)}/></form>; }",
        ["form field #email"],
    ),
    "React state holds many fields": (
        "lead.jsx",
        "export function Lead() { const [form, setForm] = useState({dob: ''});"
        " const change = (e) => setForm({...form, [e.target.name]: e.target.value});"
        " const go = () => fbq('track', 'Lead', {x: form.dob});"
        " return <form onSubmit={go}><input name='dob' onChange={change}/></form>; }",
        ["form field [name=dob]"],
    ),
    "a reference is its element": (
        "lead.jsx",
        "export function Lead() { const ref = useRef(null);"
        " const go = () => fbq('track', 'Lead', {x: ref.current.value});"
        " return <form onSubmit={go}><input id='ssn' ref={ref}/></form>; }",
        ["form field #ssn"],
    ),
    "the state of a class": (
        "lead.jsx",
        "class Lead extends Component { state = {mail: ''};"
        " type(e) { this.setState({mail: e.target.value}); }"
        " go() { fbq('track', 'Lead', {x: this.state.mail}); }"
        " render() { return <input name='email' onChange={this.type}/>; } }",
        ["form field [name=email]"],
    ),
    "a library of forms gives its handler all fields": (
        "lead.jsx",
        "import { useForm } from 'react-hook-form';"
        "export function Lead() { const {register, handleSubmit} = useForm();"
        " const go = (data) => fbq('track', 'Lead', {x: data.email});"
        " return <form onSubmit={handleSubmit(go)}><input {...register('email')}/></form>; }",
        ["form field [name=email]"],
    ),
    "a hook asks a server": (
        "lead.jsx",
        "import useSWR from 'swr'; export function Lead() {"
        " const {data} = useSWR('/api/me', get);"
        " useEffect(() => { fbq('track', 'Lead', {x: data.email}); }); }",
        ["response of a request /api/me > email"],
    ),
    "v-model ties a field to a name": (
        "Lead.vue",
        "<template><form @submit.prevent='go'><input v-model='form.mail' id='email'></form>"
        "</template>\n<script>\nexport default { data() { return {form: {mail: ''}}; },"
        " methods: { go() { fbq('track', 'Lead', {x: this.form.mail}); } } }\n</script>",
        ["form field #email"],
    ),
    "v-model ties a field to a reference": (
        "Lead.vue",
        "<script setup>\nconst mail = ref('');"
        " function go() { fbq('track', 'Lead', {x: mail.value}); }\n</script>\n"
        "<template><form @submit='go'><input v-model='mail' type='email'></form></template>",
        ["form field [type=email]"],
    ),
    "v-model of a template in Pug": (
        "Lead.vue",
        "<template lang='pug'>\nform\n  input#mail(v-model='mail')\n"
        "  button(@click=\"fbq('track', 'Lead', {x: mail})\") Go\n</template>\n"
        "<script>\nexport default { data: () => ({mail: ''}) };\n</script>",
        ["form field #mail"],
    ),
    "a handler of a template takes what a field is tied to": (
        "Lead.vue",
        "<template><input id='mail' v-model='mail'>"
        "<button @click=\"fbq('track', 'Lead', {x: mail})\">Go</button></template>\n"
        "<script>\nexport default { data: () => ({mail: ''}) };\n</script>",
        ["form field #mail"],
    ),
    "bind:value ties a field to a name": (
        "Lead.svelte",
        "<script>\nlet mail = ''; function go() { fbq('track', 'Lead', {x: mail}); }\n</script>\n"
        "<input name='email' bind:value={mail}><button on:click={go}>Go</button>",
        ["form field [name=email]"],
    ),
    "what a template hands to a function, as a name that a field is tied to": (
        "Lead.vue",
        "<template><form @submit.prevent='send(form)'><input v-model='form.mail' id='mail'></form>"
        "</template>\n<script setup>\nconst form = reactive({mail: ''});"
        " function send(all) { fbq('track', 'Lead', {x: all.mail}); }\n</script>",
        ["form field #mail"],
    ),
    "what a template hands to a method, as the event of a field": (
        "Lead.vue",
        "<template><input name='phone' @change='typed'></template>\n<script>\nexport default {"
        " methods: { typed(event) { fbq('track', 'Lead', {x: event.target.value}); } } }\n</script>",
        ["form field [name=phone]"],
    ),
    "a name of the script that a template hands on is left to the script": (
        "Lead.vue",
        "<template><button @click='send(other)'>Go</button></template>\n<script setup>\n"
        "function send(all) { fbq('track', 'Lead', {x: all}); }\n</script>",
        ["unknown"],
    ),
    "the event of another component is not that of a field": (
        "Lead.vue",
        "<template><DayPicker name='phone' @change='typed'/></template>\n<script setup>\n"
        "function typed(event) { fbq('track', 'Lead', {x: event.target.value}); }\n</script>",
        ["unknown"],
    ),
    "an arrow in the markup of Svelte": (
        "Lead.svelte",
        "<script>\nfunction zip(value) { fbq('track', 'Lead', {x: value}); }\n</script>\n"
        "<input name='zip' onchange={(e) => zip(e.currentTarget.value)}>",
        ["form field [name=zip]"],
    ),
    "a form of Angular in the template of its component": (
        "lead.ts",
        "@Component({template: `<form #f='ngForm' (ngSubmit)='send(f.value)'></form>`})\n"
        "export class Lead { send(all: any) { fbq('track', 'Lead', {x: all.dob}); } }",
        ["form field [name=dob]"],
    ),
    "a reference of Angular in the template of its component": (
        "lead.ts",
        "@Component({template: `<input #phone (blur)='call(phone.value)'>`})\n"
        "export class Lead { call(number: string) { fbq('track', 'Lead', {x: number}); } }",
        ["form field 'phone'"],
    ),
    "ngModel ties a field to a property": (
        "lead.ts",
        "@Component({template: `<input [(ngModel)]='mail' name='email'>`})\n"
        "export class Lead { mail = ''; go() { fbq('track', 'Lead', {x: this.mail}); } }",
        ["form field [name=email]"],
    ),
    "a child that a class sees": (
        "lead.ts",
        "@Component({template: `<textarea #why id='reason'></textarea>`})\nexport class Lead {"
        " @ViewChild('why') private box: ElementRef;"
        " go() { fbq('track', 'Lead', {x: this.box.nativeElement.value}); } }",
        ["form field #reason"],
    ),
    "the group of an Angular form": (
        "lead.ts",
        "export class Lead { form = this.fb.group({email: ['']});"
        " constructor(private fb: FormBuilder) {}"
        " go() { fbq('track', 'Lead', {x: this.form.value.email}); } }",
        ["form field [name=email]"],
    ),
}


@pytest.mark.parametrize(("path", "code", "origins"), FRAMEWORKS.values(), ids=FRAMEWORKS.keys())
def test_frameworks_keep_what_is_typed(path: str, code: str, origins: list[str]) -> None:
    assert told(data_of(code, path)["x"]) == origins


NOT_READ = {
    "an argument of a function that nobody calls": "function go(data) { fbq('track', 'L', {x: data.y}); }",
    "a map that is no request": "fbq('track', 'L', {x: new Map().get('email')});",
    "an argument that is not the event": (
        "document.querySelector('#a').addEventListener('click', (e, more) => {"
        " fbq('track', 'L', {x: more}); });"
    ),
    "the error of a promise": "fetch('/a').catch((x) => { fbq('track', 'L', {x}); });",
}


@pytest.mark.parametrize("code", NOT_READ.values(), ids=NOT_READ.keys())
def test_what_cannot_be_told_stays_unknown(code: str) -> None:
    known = {OriginKind.FIELD, OriginKind.FORM, OriginKind.RESPONSE, OriginKind.QUERY}
    kinds = {each.kind for hole in holes(data_of(code)["x"].value) for each in made_of(hole.origin)}
    assert not kinds & known


def test_two_fields_of_one_helper_are_kept_apart() -> None:
    code = (
        "function val(id) { return document.getElementById(id).value; }"
        "fbq('track', 'Lead', {a: val('email'), b: val('phone')});"
    )
    found = data_of(code)
    assert told(found["a"]) == ["form field #email"]
    assert told(found["b"]) == ["form field #phone"]


def test_every_birth_has_its_place() -> None:
    code = (
        "const form = document.querySelector('#intake');\n"
        "const all = Object.fromEntries(new FormData(form));\n"
        "const answer = await fetch('/api/me');\n"
        "const me = await answer.json();\n"
        "fbq('track', 'Lead', {a: all, b: all.email, c: me.email});"
    )
    found = data_of(code)
    lines = {
        name: [each.place.line for hole in holes(datum.value) if (each := hole.origin).place]
        for name, datum in found.items()
    }
    assert lines == {"a": [2], "b": [5], "c": [3]}


SENT = {
    "an object as JSON": (
        "fetch('https://graph.facebook.com/v19.0/702200300400511/events', {method: 'POST',"
        " headers: {a: token}, body: JSON.stringify({data: [{user_data: {em: [MAIL]}}]})});",
        {"em": "email"},
    ),
    "text with pairs": (
        "navigator.sendBeacon('https://www.facebook.com/tr?id=702200300400511&ev=Lead',"
        " 'v=1&em=' + MAIL);",
        {"em": "email"},
    ),
    "the parameters of an address": (
        "const to = new URL('https://www.facebook.com/tr?id=702200300400511&ev=Lead');"
        "to.searchParams.set('em', MAIL); new Image().src = to.toString();",
        {"em": "email"},
    ),
    "parameters that are put together": (
        "const more = new URLSearchParams({ev: 'Lead', em: MAIL}); new Image().src ="
        " 'https://www.facebook.com/tr?id=702200300400511&' + more.toString();",
        {"em": "email"},
    ),
    "the data of a form": (
        "const data = new FormData(); data.append('em', MAIL);"
        "fetch('https://www.facebook.com/tr?id=702200300400511&ev=Lead', {method: 'POST',"
        " body: data});",
        {"em": "email"},
    ),
    "numbers of the request itself": (
        "new Image().src = 'https://www.facebook.com/tr?id=702200300400511&ev=Lead&rnd='"
        " + Math.random();",
        {},
    ),
}


@pytest.mark.parametrize(("code", "names"), SENT.values(), ids=SENT.keys())
def test_what_requests_carry_is_data(code: str, names: dict[str, str]) -> None:
    found = data_of(code.replace("MAIL", "document.querySelector('#email').value"))
    assert {name: datum.category for name, datum in found.items()} == names
    assert all(told(datum) == ["form field #email"] for datum in found.values())


def test_what_only_tells_how_to_send_is_not_carried() -> None:
    value = Hole("x", Origin(OriginKind.FIELD, "#email"))
    how = Object((("method", "POST"), ("signal", value), ("headers", Object((("a", value),)))))
    here = Source("a.js", b"").place(0, 0)
    assert [*carried(Request(place=here, url="https://a.example/", body=how))] == []


def test_a_thousand_changes_and_handlers_are_read_in_time() -> None:
    lines = ["const data = {};"]
    lines += [f"data.a{n} = data.a{n - 1}; form.addEventListener('x{n}', go);" for n in range(2000)]
    lines.append("function go(e) { data.me = e.target.value; fbq('track', 'Lead', {x: data.me}); }")
    assert "x" in data_of("\n".join(lines))


FACTORY = (
    "function(e,t){c.exports=e.document?t(e,!0):function(n){if(!n.document)throw new Error("
    '"jQuery requires a window with a document");return t(n)}}'
)
JQUERY = {
    "by its package": "import q from 'jquery';",
    "by its older way of being asked for": "var q = require('jquery/dist/jquery.slim');",
    "as a function of the bundle": "var q = function (e, t) { return new q.fn.init(e, t); };",
    "from a module of the bundle": (
        "var d=(e,t)=>()=>(t||e((t={exports:{}}).exports,t),t.exports);"
        f"var u=d((a,c)=>{{({FACTORY})(window,function(){{}})}});var q=u();"
    ),
    "by what runs it when the page is ready": "",
}


@pytest.mark.parametrize("way", JQUERY)
def test_jquery_is_known(way: str) -> None:
    code = "fbq('track', 'Lead', {x: q('#email').val(), y: q.trim(q('#phone').val())});"
    if not JQUERY[way]:
        code = f"import $ from 'jquery'; $(function (q) {{ {code} }});"
    found = data_of(JQUERY[way] + code)
    assert told(found["x"]) == ["form field #email"]
    assert told(found["y"]) == ["form field #phone"]


def test_what_only_looks_like_jquery_says_nothing() -> None:
    code = "var q = function (e, t) { return new q.make(e, t); };" + sent("q('#email').val()")
    assert told(data_of(code)["x"]) == ["unknown"]


V_MODEL = (
    "const B={setup(e){const t=r(''),f=a({email:''});function s(){fbq('track','Lead',"
    "{x:t.value,y:f.email})}return(i,o)=>(p(),c('form',{onSubmit:s},[w(n('input',"
    "{'onUpdate:modelValue':o[0]||(o[0]=l=>t.value=l),name:'symptom'},null,512),[[m,t.value]]),"
    "n('input',{type:'email','onUpdate:modelValue':l=>f.email=l})]))}};"
)


def test_what_vue_makes_of_v_model_comes_from_the_field() -> None:
    found = data_of(V_MODEL)
    assert told(found["x"]) == ["form field [name=symptom]"]
    assert told(found["y"]) == ["form field [type=email]"]


def test_another_handler_that_is_kept_says_nothing() -> None:
    found = data_of(V_MODEL.replace("onUpdate:modelValue", "onDone"))
    assert told(found["x"]) == ["unknown"]


FACTORIES = {
    "by its property": "const made = tracker('a'); made.send('Lead', {x: VALUE});",
    "taken out": "const {send: n} = tracker('a'); n('Lead', {x: VALUE});",
    "inside of another function": (
        "function page() { const {send} = tracker('a'); function go() { send('Lead', {x: VALUE}); } }"
    ),
}


@pytest.mark.parametrize("way", FACTORIES)
@pytest.mark.parametrize("given", ["{send: inner}", "{send: (e, d) => inner(e, d)}", "{inner}"])
def test_a_function_that_another_one_makes_knows_its_calls(way: str, given: str) -> None:
    factory = (
        "function tracker(category) { function inner(event, data) { fbq('track', event, data); }"
        f" return {given}; }}"
    )
    code = factory + FACTORIES[way].replace("VALUE", "document.querySelector('#why').value")
    found = data_of(code)
    if "send" in given:
        assert told(found["x"]) == ["form field #why"]
    else:
        assert "x" not in found


def test_an_event_for_one_account_keeps_its_data() -> None:
    field = "document.querySelector('#zip').value"
    for account in ("G-ABCD123456", "AW-1234567890/AbC-D_efG", "AW-1234567890"):
        found = data_of(f"gtag('event', 'find', {{zip: {field}, send_to: '{account}'}});")
        assert told(found["zip"]) == ["form field #zip"]
        assert "send_to" not in found
    assert not data_of("gtag('event', 'find', {send_to: 'G-ABCD123456'});")


@pytest.mark.parametrize("inner", ["a", "b"])
def test_a_class_knows_what_is_set_on_it_from_outside(inner: str) -> None:
    code = (
        f"const a = class {inner} {{ send() {{ fbq('track', 'Lead', {{x: {inner}.field}}); }} }};"
        "a.field = document.querySelector('#why').value; new a().send();"
    )
    assert told(data_of(code)["x"]) == ["form field #why"]
    assert told(data_of(code.replace("a.field =", "c.field ="))["x"]) == ["unknown"]


def test_a_method_uses_what_its_maker_is_given_further_down() -> None:
    code = (
        "class Meta { start(user) { fbq('init', '556677889900112', {em: user.mail}); } }"
        "class Form { constructor(meta) { this.meta = meta; this.sent = () => {"
        " this.meta.start({mail: document.querySelector('#mail').value}); }; } }"
        "new Form(new Meta());"
    )
    assert told(data_of(code)["em"]) == ["form field #mail"]
