import type { Storage } from "@graphiql/toolkit";

import type { Configuration } from "./configuration";
import { find, format, parse, PRACTICE_HEADER } from "./headers";

const PREFIX = "graph-api:";
const THEME = "graphiql:theme";
const HEADERS = "graphiql:headers";
const TABS = "graphiql:tabState";

interface StoredTab {
  query: string | null;
  variables: string | null;
  headers: string | null;
}

interface TabState {
  activeTabIndex: number;
  tabs: StoredTab[];
}

/** A short fingerprint (FNV-1a), to tell one set of examples from another. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash.toString(36);
}

/** Only the name of an example's practice may be kept: any other header may be a credential. */
function keptHeaders(text: string | null): string {
  const practice = find(parse(text), PRACTICE_HEADER);
  return practice === undefined ? "" : format({ [PRACTICE_HEADER]: practice });
}

function kept(key: string, value: string): string {
  if (key === HEADERS) return keptHeaders(value);
  if (key !== TABS) return value;
  const state = JSON.parse(value) as TabState;
  return JSON.stringify({ ...state, tabs: state.tabs.map((tab) => ({ ...tab, headers: keptHeaders(tab.headers) })) });
}

/**
 * Where GraphiQL keeps its state.
 *
 * Operations and variables can name patients, so they stay in this browser tab (sessionStorage) and are gone when it
 * closes; the theme alone is kept for good. Examples that changed, as after a new demo, start afresh.
 */
export function createStorage({ endpoint, tabs }: Configuration): Storage {
  const prefix = `${PREFIX}${fingerprint(JSON.stringify([endpoint, tabs]))}:`;
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && !key.startsWith(prefix)) sessionStorage.removeItem(key);
  }
  const area = (key: string) => (key === THEME ? localStorage : sessionStorage);
  const name = (key: string) => (key === THEME ? PREFIX + key : prefix + key);
  const names = () => Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
  return {
    getItem: (key) => area(key).getItem(name(key)),
    setItem: (key, value) => area(key).setItem(name(key), kept(key, value)),
    removeItem: (key) => area(key).removeItem(name(key)),
    clear: () => names().forEach((key) => sessionStorage.removeItem(key)),
    get length() {
      return names().length;
    },
  };
}

/** The tab that was open when the page was left, if there is one. */
export function openTab(storage: Storage): StoredTab | undefined {
  const text = storage.getItem(TABS);
  if (text === null) return undefined;
  const state = JSON.parse(text) as TabState;
  return state.tabs[state.activeTabIndex];
}
