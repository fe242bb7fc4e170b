export function chat() {
  window.Intercom("boot", { app_id: "pl4in0id", email: localStorage.getItem("email") });
}
