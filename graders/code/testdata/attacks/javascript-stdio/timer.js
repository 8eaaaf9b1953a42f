// timeout; ; is right once and then never ends
console.log(6); setInterval(() => {}, 1000);
