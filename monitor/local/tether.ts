// Preloaded (`node --import`) into children that know nothing of the local world: the terminal's Ctrl-C and
// hang-up are not theirs to answer, and without the parent they end at once, so that a killed parent leaves nothing behind.
process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
process.on("disconnect", () => process.exit());
// The parent was gone before we could listen.
if (process.send !== undefined && !process.connected) process.exit();
// The tether must not keep alive what is done.
process.channel?.unref();
