// Runs every audit of graphql-http against AUDIT_URL and prints the results as JSON.
import { serverAudits } from "graphql-http";

const { AUDIT_URL: url, AUDIT_TOKEN: token } = process.env;
const fetchFn = (address, init) =>
  fetch(address, { ...init, headers: { ...init?.headers, authorization: `Bearer ${token}` } });

const results = [];
for (const { id, name, fn } of serverAudits({ url, fetchFn })) {
  let result;
  try {
    result = await fn();
  } catch (error) {
    result = { status: "fatal", reason: String(error) };
  }
  const answer = result.response && `${result.response.status} ${await result.response.text().catch(() => "")}`;
  results.push({ id, name, status: result.status, reason: result.reason, answer });
}
console.log(JSON.stringify(results));
