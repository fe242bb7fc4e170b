export enum Ids {
  Measurement = "G-TYPED12345",
  Pixel = "108162342481516",
}
export const enum Named {
  Refill = "refill_requested",
  Call = "pharmacy_called",
}
export interface Details {
  phone?: string;
  medication: string;
}
