export const GOOGLE = "G-PACKS12345";
export const MIXPANEL = "0123456789abcdef0123456789abcdef";
export const SEGMENT = "pAcKaGeSwRiTeKeY0123456789abcdef";
