export const clarity: string = process.env.CLARITY_ID ?? "";
export const hotjar = Number(process.env.HOTJAR_ID);
