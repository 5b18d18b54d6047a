/** The header by which an example says whose data it belongs to. It names a practice of the demo and is never sent. */
export const PRACTICE_HEADER = "Demo-Practice";

export type Headers = Record<string, string>;

/** A header's value, however its name is spelled. */
export function find(headers: Headers, name: string): string | undefined {
  const key = Object.keys(headers).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : headers[key];
}

/** A copy without the named header, however its name is spelled. */
export function without(headers: Headers, name: string): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key.toLowerCase() !== name.toLowerCase()));
}

/** What the headers editor holds, or nothing while it is not an object of strings. */
export function parse(text: string | null | undefined): Headers {
  if (!text?.trim()) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
    return Object.fromEntries(Object.entries(value).filter(([, entry]) => typeof entry === "string"));
  } catch {
    return {};
  }
}

export function format(value: object | undefined): string {
  return value === undefined || Object.keys(value).length === 0 ? "" : JSON.stringify(value, null, 2);
}
