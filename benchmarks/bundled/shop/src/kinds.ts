export enum Events {
  Search = "doctor_search",
  Open = "profile_opened",
}
export const enum Goals {
  Booked = "Booked",
}
export namespace Accounts {
  export const ga = "G-SHOPS12345";
  export const pixel = "771122334455667";
}
export const CONVERSIONS = {
  [Goals.Booked]: "AW-123456789/AbC-D_efG-h12_34-567",
  other: "AW-123456789/zZzZzZzZzZzZzZzZ",
} as const;
export type Name = keyof typeof Events;
