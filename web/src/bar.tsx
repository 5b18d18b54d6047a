import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { useEffect, useRef } from "react";

import type { Session } from "./configuration";
import { type Identity, type Role, ROLES } from "./fetcher";
import { find, parse, PRACTICE_HEADER } from "./headers";

const PASTED = 400;

function useActiveHeaders(): string | null {
  return useGraphiQL((state) => state.tabs[state.activeTabIndex]?.headers ?? null);
}

/** Without a session: say how to sign in, and load the schema as soon as a token is there. */
export function SignInHint() {
  const { introspect } = useGraphiQLActions();
  const authorization = find(parse(useActiveHeaders()), "Authorization") ?? null;
  const asked = useRef<string | null>(null);

  useEffect(() => {
    if (authorization === null || authorization === asked.current) return undefined;
    const timer = setTimeout(() => {
      asked.current = authorization;
      void introspect();
    }, PASTED);
    return () => clearTimeout(timer);
  }, [authorization, introspect]);

  return (
    <header className="bar">
      <p>
        Paste <code>{'{"Authorization": "Bearer …"}'}</code> into Headers; <code>graph-api token</code> makes one.
      </p>
    </header>
  );
}

interface SessionBarProps {
  session: Session;
  identity: Identity;
  onChange: (identity: Identity) => void;
}

/** With the demo's session: who asks, and on whose data. */
export function SessionBar({ session, identity, onChange }: SessionBarProps) {
  const headers = parse(useActiveHeaders());
  const slug = find(headers, PRACTICE_HEADER);
  const own = find(headers, "Authorization") !== undefined;
  const practice = session.practices.find((candidate) => candidate.slug === slug)?.name ?? slug;

  return (
    <header className="bar">
      <p>
        Signed in as <strong>{session.actor}</strong>
      </p>
      <label>
        Practice
        <select
          name="practice"
          value={identity.practice}
          onChange={(event) => onChange({ ...identity, practice: event.target.value })}
        >
          {session.practices.map((candidate) => (
            <option key={candidate.slug} value={candidate.slug}>
              {candidate.name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Role
        <select
          name="role"
          value={identity.role}
          onChange={(event) => onChange({ ...identity, role: event.target.value as Role })}
        >
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {role}
            </option>
          ))}
        </select>
      </label>
      <p role="status">
        {own && "This tab’s headers bring their own token."}
        {!own && slug !== undefined && slug !== identity.practice && `This tab’s headers choose ${practice}.`}
      </p>
    </header>
  );
}
