export const MEASUREMENT = "G-PLAIN12345";
export const PIXEL = "481516234200815";
export const CONTAINER = `GTM-${"PLAIN"}01`;
const year = 2026;
export default { hotjar: 2150891, version: 6, campaign: `spring-${year}` };
