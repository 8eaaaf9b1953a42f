// invoke.mjs ENDPOINT FUNCTION FILE BATCH: sends the rollouts of a JSONL file to
// a function in batches, as a trainer does, and prints each entry of the
// responses on a line. A function error ends it with exit code 1.
import { readFileSync } from "node:fs";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

const [endpoint, FunctionName, file, batch] = process.argv.slice(2);
const client = new LambdaClient({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});
const rows = readFileSync(file, "utf8").split("\n").filter((line) => line.trim() !== "");
for (let i = 0; i < rows.length; i += Number(batch)) {
  const response = await client.send(
    new InvokeCommand({ FunctionName, Payload: `[${rows.slice(i, i + Number(batch)).join(",")}]` }),
  );
  const text = Buffer.from(response.Payload).toString("utf8");
  if (response.FunctionError) {
    console.error(`${response.FunctionError}: ${text}`);
    process.exit(1);
  }
  for (const entry of JSON.parse(text)) {
    console.log(JSON.stringify(entry));
  }
}
