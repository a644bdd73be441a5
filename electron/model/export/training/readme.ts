import type { RunSettings } from '../../../contract/entities.ts';

/** What the section says beside what every bundle has in common. */
export interface TrainingReadmeFacts {
  readonly settings: Pick<RunSettings, 'steps' | 'batchSize' | 'accumulate' | 'dropout'>;
  readonly trainRows: number;
}

/** The section of a training bundle’s `README.md` that says how to train it: Markdown, from a heading of the second level on. */
export function trainingReadme({ settings, trainRows }: TrainingReadmeFacts): string {
  const { steps, batchSize, accumulate, dropout } = settings;
  const perStep = batchSize * accumulate;
  const epochs = (steps * perStep) / Math.max(1, trainRows);
  const masks =
    dropout > 0
      ? `This run drops out ${dropout}. PyTorch draws other masks than the app, so that the losses of the training differ from the app’s from the first step on; \`--check\` switches dropout off, and these losses can be compared.`
      : 'This run has no dropout: its losses are those of the app, up to rounding.';
  return `## Train this run with PyTorch

This folder holds what the run learns from, as token ids: ${trainRows} rows, the order in which they come, the settings, and the student as it is before its first step. \`train.py\` trains it as the app does: ${steps} steps of ${perStep} rows, about ${epochs.toFixed(1)} times through the data. It needs Python 3.9 or newer and PyTorch 2.0 or newer, and nothing else.

\`\`\`sh
# Does this machine compute what the app computes? Takes some steps and writes nothing.
python train.py --check

# One process, on a GPU where there is one.
python train.py

# Several processes on one machine: one for each GPU, or with --device cpu on processors.
torchrun --standalone --nproc_per_node=4 train.py --bf16
\`\`\`

With SLURM, on two machines with four GPUs each, from a folder that both can read and write:

\`\`\`sh
#!/bin/bash
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node=4
#SBATCH --cpus-per-task=16
#SBATCH --time=04:00:00
#SBATCH --signal=TERM@120
export OMP_NUM_THREADS=4
srun torchrun --nnodes=2 --nproc_per_node=4 --rdzv_backend=c10d \\
  --rdzv_id="$SLURM_JOB_ID" --rdzv_endpoint="$(scontrol show hostnames | head -n 1):29500" \\
  train.py --bf16
\`\`\`

- **The same with any number of processes.** The rows of a step are shared out among the processes. Each part of the loss is the mean over its own target tokens of all of them, so that one, two or four processes come to the same losses, up to rounding. The number of rows in a step stays what the settings say.
- **Stopped and gone on with.** A checkpoint is written to \`work/\` every 200 steps (\`--save-every\`) and when the process is asked to end. The same command goes on from it; \`--restart\` begins anew, \`--finish\` ends with the best student so far.
- **Progress.** One line of JSON for each step goes to the standard output (and to \`work/losses.jsonl\`); progress, rate and the time that is left go to the error output.
- **The result.** \`result/\` is a Hugging Face T5 folder with the best student by validation, and with a certificate. Import it into the app, where it can be compared with other students. \`result.json\` holds its losses and what trained it.
- **What is the same.** Rows and their order, sampled rationales, the loss, label smoothing, adapters, frozen parts, the optimizer, clipping, learning rates, early stopping and which student is the best.
- **What is not.** ${masks} Validation compares token ids, since there is no tokenizer here: an answer that the app would count as right in other words counts as wrong, so that the app may find the student a little better. With \`--bf16\` products are rounded, and losses differ in the third digit.
- **When something is wrong.** The script says it in one sentence and ends with 2 (the command line), 3 (a file of this folder is missing or has changed), 4 (Python, PyTorch or the device), 5 (the loss ran away or is no longer a number), 6 (a file cannot be written, for example because the disk is full), 7 (\`--check\` found other losses), 130 (interrupted) or 143 (it was asked to end, and has saved its checkpoint). \`torchrun\` itself ends with 1 then, after a report of its own.

The files in \`data/\` are described at the top of \`data.py\`.
`;
}
