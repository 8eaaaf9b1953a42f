// What this project demands of an image, beyond what the linters know.

/** image checks the text of a Dockerfile. */
export function image(text, tell) {
  const lines = text.replace(/\\\n/g, ' ').split('\n').map((l) => l.trim()).filter((l) => l && !l.startsWith('#'));
  const stages = [];
  let user = '';
  for (const line of lines) {
    const [instruction, ...words] = line.split(/\s+/);
    switch (instruction.toUpperCase()) {
      case 'FROM': {
        const named = words.filter((w) => !w.startsWith('--'));
        if (/:latest$/.test(named[0])) tell(`${named[0]} is another image every week: name a version`);
        stages.push(/^as$/i.test(named[1] ?? '') ? named[2] : '');
        user = '';
        break;
      }
      case 'COPY': {
        const from = words.find((w) => w.startsWith('--from='))?.slice('--from='.length);
        if (from && !stages.includes(from)) tell(`COPY --from=${from}: there is no stage ${from}`);
        break;
      }
      case 'ADD':
        tell('ADD fetches and unpacks unseen: use COPY');
        break;
      case 'ENV': case 'ARG':
        if (/(SECRET|PASSWORD|TOKEN|ACCESS_KEY|API_KEY)\w*\s*=/i.test(line)) tell(`${words[0].split('=')[0]} would be a secret in the image`);
        break;
      case 'USER':
        user = words[0].split(':')[0];
        break;
      case 'RUN':
        if (/dnf install/.test(line) && !/dnf clean all/.test(line)) tell('dnf install leaves its cache in the layer: end with dnf clean all');
        break;
    }
  }
  if (user === '' || user === '0' || user === 'root') tell('the image runs as root: end with a USER without privileges');
}
