// The peer: @neo4j/graphql on Apollo Server, on the same nodes and edges, with nothing that it does not need.
// PEER_PORT, PEER_DATABASE_URL, PEER_CYPHER=1 to print the statements it sends.
import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { startStandaloneServer } from "@apollo/server/standalone";
import { Neo4jGraphQL } from "@neo4j/graphql";
import neo4j from "neo4j-driver";

const typeDefs = /* GraphQL */ `
  type Person @node {
    id: ID!
    practice: String!
    givenName: String
    familyName: String
    birthDate: String
    emails: [String!]
    phones: [String!]
    clientStatus: String
    sortKey: String!
    clientKey: String
    contactNetwork: [Person!]! @relationship(type: "HAS_CONTACT", direction: OUT, properties: "HasContact")
    contactOf: [Person!]! @relationship(type: "HAS_CONTACT", direction: IN, properties: "HasContact")
  }

  type HasContact @relationshipProperties {
    id: ID!
    practice: String!
    relationship: String!
    portalAccess: Boolean!
    secureMessaging: Boolean!
    payments: Boolean!
    appointmentReminders: Boolean!
    startsOn: String
    endsOn: String
  }

  type NameKey @node {
    key: String!
    practice: String!
    person: [Person!]! @relationship(type: "HAS_NAME", direction: IN)
  }
`;

const driver = neo4j.driver(process.env.PEER_DATABASE_URL, undefined, {
  telemetryDisabled: true,
  notificationFilter: { minimumSeverityLevel: "OFF" },
});
const schema = await new Neo4jGraphQL({ typeDefs, driver, features: { filters: { String: { GT: true, LT: true } } } }).getSchema();
const server = new ApolloServer({
  schema,
  introspection: false,
  csrfPrevention: false,
  includeStacktraceInErrorResponses: false,
  plugins: [
    ApolloServerPluginCacheControlDisabled(),
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
  ],
});
const listen = { host: "127.0.0.1", port: Number(process.env.PEER_PORT) };
await startStandaloneServer(server, { listen });
console.log("ready");
