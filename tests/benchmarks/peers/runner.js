// Runs a JavaScript engine for the engine benchmark: one line of JSON says what to build, every further line how many steps to take.
"use strict";
const path = require("path");
const readline = require("readline");

const folder = path.resolve(process.argv[2]);

function convnetjs(task) {
  const engine = require(path.join(folder, "node_modules/convnetjs"));
  const net = new engine.Net();
  net.makeLayers(task.layers);
  const options = { method: "sgd", learning_rate: task.rate, momentum: 0, batch_size: task.batch, l2_decay: 0 };
  const trainer = new engine.Trainer(net, options);
  const first = task.layers[0];
  const volumes = task.inputs.map((values) => {
    const volume = new engine.Vol(first.out_sx, first.out_sy, first.out_depth, 0);
    values.forEach((value, index) => { volume.w[index] = value; });
    return volume;
  });
  return (sample) => trainer.train(volumes[sample], task.targets[sample]);
}

function playground(task) {
  const engine = require(path.join(folder, "nn.js"));
  const tanh = engine.Activations.TANH;
  const names = task.inputs[0].map((_, index) => "x" + index);
  const network = engine.buildNetwork(task.shape, tanh, tanh, null, names, false);
  task.masks.forEach((mask, rank) => mask.forEach((row, unit) => {
    const node = network[rank + 1][unit];
    node.inputLinks = node.inputLinks.filter((link, source) => row[source]);
    network[rank].forEach((source, index) => {
      if (!row[index]) source.outputs = source.outputs.filter((link) => link.dest !== node);
    });
  }));
  const outputs = network[network.length - 1];
  const error = engine.Errors.SQUARE;
  let seen = 0;
  return (sample) => {
    engine.forwardProp(network, task.inputs[sample]);
    // The engine sets the error of its one output itself; those of further outputs are set here.
    outputs.forEach((node, index) => { node.outputDer = error.der(node.output, task.targets[sample][index]); });
    engine.backProp(network, task.targets[sample][0], error);
    seen += 1;
    if (seen % task.batch === 0) engine.updateWeights(network, task.rate, 0);
  };
}

let learn = null;
let task = null;
let next = 0;
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  if (learn === null) {
    task = JSON.parse(line);
    learn = { convnetjs, playground }[task.peer](task);
    process.stdout.write("ready\n");
    return;
  }
  for (let left = Number(line) * task.batch; left > 0; left -= 1) {
    learn(next);
    next = (next + 1) % task.inputs.length;
  }
  process.stdout.write("done\n");
});
