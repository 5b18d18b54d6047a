import type { Fetcher } from "@graphiql/toolkit";

import type { Configuration } from "./configuration";
import { find, type Headers, PRACTICE_HEADER, without } from "./headers";

const BOOKMARK_HEADER = "Graph-API-Bookmark";

export const ROLES = ["staff", "analyst"] as const;
export type Role = (typeof ROLES)[number];

/** Who asks when a tab does not say. */
export interface Identity {
  practice: string;
  role: Role;
}

type Answer = Record<string, unknown>;

function refused(message: string): Answer {
  return { errors: [{ message }] };
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === "object" && answer !== null && !Array.isArray(answer)) return answer as Answer;
  } catch {
    // Not JSON, such as a proxy's error page: it is shown as text below.
  }
  return refused(`HTTP ${response.status}: ${text.slice(0, 500).trim() || response.statusText || "an empty answer"}`);
}

/** Send operations as the chosen identity, and let the next one see what the last one wrote. */
export function createFetcher({ endpoint, session }: Configuration, identity: () => Identity): Fetcher {
  let bookmark: string | null = null;

  function authorize(headers: Headers): Headers {
    if (session === null) return headers;
    const { practice: chosen, role } = identity();
    const slug = find(headers, PRACTICE_HEADER) ?? chosen;
    const sent = without(headers, PRACTICE_HEADER);
    if (find(sent, "Authorization") !== undefined) return sent;
    const practice = session.practices.find((candidate) => candidate.slug === slug);
    if (practice === undefined) {
      const known = session.practices.map((candidate) => candidate.slug).join(", ");
      throw new Error(`${PRACTICE_HEADER} names no practice of this demo: ${slug}. It has ${known}.`);
    }
    return { ...sent, Authorization: `Bearer ${role === "analyst" ? practice.analystToken : practice.token}` };
  }

  return async (parameters, options) => {
    const given = authorize((options?.headers ?? {}) as Headers);
    // The mode stays "cors": under "same-origin" and no-referrer a browser would send "Origin: null".
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/graphql-response+json, application/json;q=0.9",
        ...(bookmark !== null && find(given, BOOKMARK_HEADER) === undefined ? { [BOOKMARK_HEADER]: bookmark } : {}),
        ...given,
      },
      body: JSON.stringify(parameters),
    });
    bookmark = response.headers.get(BOOKMARK_HEADER) ?? bookmark;
    return (await read(response)) as never;
  };
}
