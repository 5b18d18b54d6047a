export interface Practice {
  slug: string;
  name: string;
  token: string;
  analystToken: string;
}

export interface Session {
  actor: string;
  practices: Practice[];
}

export interface ExampleTab {
  title?: string;
  query: string;
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
  practice?: string;
}

export interface Configuration {
  endpoint: string;
  session: Session | null;
  tabs: ExampleTab[];
}

/** Read what the server wrote into the page. */
export function readConfiguration(): Configuration {
  const text = document.getElementById("configuration")?.textContent;
  if (!text) throw new Error("The page holds no configuration.");
  return JSON.parse(text) as Configuration;
}
