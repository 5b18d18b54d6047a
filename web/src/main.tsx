import "./workers";
import "graphiql/style.css";
import "./page.css";

import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from "@graphiql/plugin-doc-explorer";
import { GraphiQLProvider, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { GraphiQLInterface } from "graphiql";
import { useEffect, useMemo, useRef, useState } from "react";
import { createRoot } from "react-dom/client";

import { SessionBar, SignInHint } from "./bar";
import { type Configuration, type ExampleTab, readConfiguration } from "./configuration";
import { createFetcher, type Identity } from "./fetcher";
import { format } from "./headers";
import { createStorage, openTab } from "./storage";

const PLUGINS = [DOC_EXPLORER_PLUGIN];
const FIRST_QUERY = `# Ctrl-Space completes, Ctrl-Enter runs.
# The book icon opens the documentation.

`;

/** GraphiQL names a tab after its operation, so an example's title leads its text. */
function toTab({ title, query, variables, headers }: ExampleTab) {
  const text = title && !query.trimStart().startsWith("#") ? `# ${title}\n${query}` : query;
  return { query: text, variables: format(variables), headers: format(headers) };
}

/** GraphiQL reads the system's theme once; its editors must follow when that changes. */
function FollowSystemTheme() {
  const theme = useGraphiQL((state) => state.theme);
  const { setTheme } = useGraphiQLActions();

  useEffect(() => {
    if (theme !== null) return undefined;
    const system = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => setTheme(null);
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, [theme, setTheme]);

  return null;
}

function Page({ configuration }: { configuration: Configuration }) {
  const { session, tabs } = configuration;
  const [identity, setIdentity] = useState<Identity>({ practice: session?.practices[0]?.slug ?? "", role: "staff" });
  const latest = useRef(identity);
  latest.current = identity;
  // One fetcher for the page's life: a new one would load the schema again at each change of practice.
  const fetcher = useMemo(() => createFetcher(configuration, () => latest.current), [configuration]);
  const storage = useMemo(() => createStorage(configuration), [configuration]);
  const examples = useMemo(() => (tabs.length > 0 ? tabs.map(toTab) : undefined), [tabs]);
  // GraphiQL restores an open tab's query by itself, but not always its variables and headers.
  const open = useMemo(() => openTab(storage) ?? examples?.[0], [storage, examples]);

  return (
    <GraphiQLProvider
      fetcher={fetcher}
      storage={storage}
      plugins={PLUGINS}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      defaultQuery={FIRST_QUERY}
      defaultTabs={examples}
      initialQuery={open && (open.query ?? "")}
      initialVariables={open && (open.variables ?? "")}
      initialHeaders={open && (open.headers ?? "")}
      // Kept so that an example still names its practice after a reload; the storage drops every other header.
      shouldPersistHeaders={session !== null}
    >
      <FollowSystemTheme />
      <DocExplorerStore>
        {session === null ? (
          <SignInHint />
        ) : (
          <SessionBar session={session} identity={identity} onChange={setIdentity} />
        )}
        <main>
          <GraphiQLInterface
            showPersistHeadersSettings={false}
            defaultEditorToolsVisibility={session === null ? "headers" : "variables"}
          />
        </main>
      </DocExplorerStore>
    </GraphiQLProvider>
  );
}

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no place for GraphiQL.");
createRoot(root).render(<Page configuration={readConfiguration()} />);
