/** A box with TensorRT where there is none: a made /sys and /etc, a `trtexec` that is a script, and an `nvidia-smi`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './bundle.ts';

/** A binding whose TensorRT takes the engines of this `trtexec`, and nothing else. */
export const TENSORRT = fileURLToPath(new URL('../inference/runtimes/tensorrt.ts', import.meta.url));

/** What a build does once the options are read: `$onnx`, `$plan`. */
export const BEHAVIOUR = {
  builds: '{ printf "ENGINE %d\\n" $(wc -c < "$onnx"); cat "$onnx"; } > "$plan"',
  fails:
    'echo "[11/27/2026-10:00:00] [E] Error[10]: no implementation for node Conv_3"; echo "&&&& FAILED TensorRT.trtexec"; exit 1',
  hangs: 'printf half > "$plan"; sleep 30',
  killed: 'printf half > "$plan"; kill -9 $$',
  saysOnly: 'echo "&&&& PASSED TensorRT.trtexec"',
  /** The decoder’s is one of a net that answers something else. */
  miscalculates:
    'case $onnx in *decoder*) onnx=$(dirname "$0")/../other.onnx;; esac; { printf "ENGINE %d\\n" $(wc -c < "$onnx"); cat "$onnx"; } > "$plan"',
} as const;

export class EngineBox {
  readonly root = temporaryFolder('engine-box');
  readonly sysfs = join(this.root, 'sys');
  readonly etc = join(this.root, 'etc');
  readonly trtexec = this.program(
    'trtexec',
    `version=$(cat ${this.root}/version)
echo "&&&& RUNNING TensorRT.trtexec [TensorRT v$version] [b1] # trtexec $*"
[ "$1" = --help ] && exit 0
for one; do case $one in --onnx=*) onnx=\${one#*=};; --saveEngine=*) plan=\${one#*=};; esac; done
sleep 0.2
echo $$ > ${this.root}/pid
echo "$(cut -d' ' -f41 /proc/$$/stat) $(cat /proc/self/oom_score_adj) $*" >> ${this.root}/builds
. ${this.root}/behaviour`,
  );

  constructor() {
    this.write('sys/firmware/devicetree/base/model', 'NVIDIA Jetson Orin Nano Developer Kit\0');
    this.write('sys/firmware/devicetree/base/compatible', 'nvidia,p3768-0000+p3767-0005\0nvidia,tegra234\0');
    this.driver('4.3');
    this.write('version', '100300');
    this.behave('builds');
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  program(name: string, script: string): string {
    const path = join(this.root, 'bin', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return path;
  }

  driver(revision: string): void {
    this.write(
      'etc/nv_tegra_release',
      `# R36 (release), REVISION: ${revision}, GCID: 38968081, BOARD: generic, EABI: aarch64`,
    );
  }

  behave(how: keyof typeof BEHAVIOUR): void {
    this.write('behaviour', BEHAVIOUR[how]);
  }

  /** The process of the last build. */
  get builder(): number {
    return Number(readFileSync(join(this.root, 'pid'), 'utf8'));
  }

  /** Policy (sched(7), 5 is SCHED_IDLE), oom_score_adj and options of each build. */
  get builds(): string[] {
    const path = join(this.root, 'builds');
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  }
}
