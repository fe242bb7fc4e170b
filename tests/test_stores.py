"""State that components share, in one script: what is put into a store, whoever reads it."""

from __future__ import annotations

import pytest

from tests.test_origins import data_of, told

MAIL, PHONE = "document.querySelector('#mail').value", "document.querySelector('#phone').value"
REDUCER = (
    "function reducer(state, action) { switch (action.type) {"
    " case 'mail': return {...state, mail: action.payload};"
    " case 'phone': return {...state, phone: action.payload}; } return state; }"
)
SLICE = (
    "const booking = createSlice({name: 'booking', initialState: {mail: '', phone: ''}, reducers: {"
    " setMail(state, action) { state.mail = action.payload; },"
    " setPhone: (state, {payload}) => { state.phone = payload; } }});"
)
KEPT = {
    "a reducer": (
        f"{REDUCER} function Form() {{ const [state, dispatch] = useReducer(reducer, {{mail: ''}});"
        " return <form onSubmit={() => fbq('track', 'Lead', {x: state.mail})}>"
        "<input id='mail' onChange={e => dispatch({type: 'mail', payload: e.target.value})}/>"
        "<input id='phone' onChange={e => dispatch({type: 'phone', payload: e.target.value})}/>"
        "</form>; }"
    ),
    "a reducer that asks with if": (
        "const reduce = (state, action) => { if (action.type === 'mail')"
        " { return {...state, mail: action.mail}; } return {...state, phone: action.phone}; };"
        " function Form() { const [state, send] = useReducer(reduce, {});"
        f" send({{type: 'mail', mail: {MAIL}}}); fbq('track', 'Lead', {{x: state.mail}}); }}"
    ),
    "a reducer that puts pieces together": (
        "function Form() { const [state, change] = useReducer((all, more) => ({...all, ...more}), {});"
        " return <form onSubmit={() => fbq('track', 'Lead', {x: state.mail})}>"
        "<input id='mail' onChange={e => change({mail: e.target.value})}/></form>; }"
    ),
    "a slice": (
        f"{SLICE} const {{ setMail }} = booking.actions; dispatch(setMail({MAIL}));"
        " const mail = useSelector((state) => state.booking.mail);"
        " fbq('track', 'Lead', {x: mail});"
    ),
    "a slice whose actions are taken by another name": (
        f"{SLICE} const {{ setPhone: a, setMail: b }} = booking.actions; dispatch(a({PHONE}));"
        f" dispatch(b({MAIL}));"
        " const {mail} = useAppSelector((state) => state.booking); fbq('track', 'Lead', {x: mail});"
    ),
    "a store of zustand": (
        "import { create } from 'zustand';"
        " const useStore = create((set) => ({mail: '', setMail: (mail) => set({mail})}));"
        f" const setMail = useStore((state) => state.setMail); setMail({MAIL});"
        " const mail = useStore((state) => state.mail); fbq('track', 'Lead', {x: mail});"
    ),
    "a store of zustand that is kept, and read as a whole": (
        "import { create } from 'zustand'; const useStore = create(persist((set) => ("
        "{mail: '', setMail: (mail) => set((state) => ({...state, mail}))}), {name: 'a'}));"
        f" useStore.getState().setMail({MAIL}); const {{ mail }} = useStore();"
        " fbq('track', 'Lead', {x: mail});"
    ),
    "a store of Pinia": (
        "const useBooking = defineStore('booking', {state: () => ({mail: ''}),"
        " actions: {setMail(mail) { this.mail = mail; }}}); const store = useBooking();"
        f" store.setMail({MAIL}); fbq('track', 'Lead', {{x: store.mail}});"
    ),
    "a store of Vuex": (
        "const store = new Vuex.Store({state: {mail: ''},"
        " mutations: {setMail(state, mail) { state.mail = mail; }}});"
        f" store.commit('setMail', {MAIL}); fbq('track', 'Lead', {{x: store.state.mail}});"
    ),
}
OTHERS = {
    "another action of a reducer": (
        f"{REDUCER} function Form() {{ const [state, dispatch] = useReducer(reducer, {{}});"
        f" dispatch({{type: 'phone', payload: {MAIL}}});"
        " fbq('track', 'Lead', {x: state.mail}); }"
    ),
    "another property of a slice": (
        f"{SLICE} const {{ setMail }} = booking.actions; dispatch(setMail({MAIL}));"
        " fbq('track', 'Lead', {x: useSelector((state) => state.booking.phone)});"
    ),
    "another mutation of Vuex": (
        "const store = createStore({state: {mail: ''},"
        " mutations: {setMail(state, mail) { state.mail = mail; }}});"
        f" store.commit('setPhone', {MAIL}); fbq('track', 'Lead', {{x: store.state.mail}});"
    ),
    "what another library creates": (
        "const useStore = create((set) => ({mail: '', setMail: (mail) => set({mail})}));"
        f" setMail({MAIL}); fbq('track', 'Lead', {{x: useStore((state) => state.mail)}});"
    ),
}


@pytest.mark.parametrize("code", KEPT.values(), ids=KEPT.keys())
def test_a_store_gives_what_was_put_into_it(code: str) -> None:
    assert told(data_of(code, "lead.jsx")["x"]) == ["form field #mail"]


@pytest.mark.parametrize("code", OTHERS.values(), ids=OTHERS.keys())
def test_what_is_put_elsewhere_is_not_given(code: str) -> None:
    data = data_of(code, "lead.jsx")
    assert "x" not in data or "form field #mail" not in told(data["x"])
