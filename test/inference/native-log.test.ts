import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nativeReason, Tail } from '../../device/inference/native-log.ts';

describe('the reason in a native log', () => {
  it('is the library that could not be loaded, by its name', () => {
    const log =
      '\u001b[1;31m2026-11-23 14:17:59.94 [E:onnxruntime:onnxruntime-node, provider_bridge_ort.cc:2235 Create] /src/provider_bridge_ort.cc:1988 ' +
      'Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library /opt/ort/libonnxruntime_providers_cuda.so with error: ' +
      'libcublasLt.so.12: cannot open shared object file: No such file or directory\n\u001b[m\n';
    const tail = new Tail();
    tail.add(log);
    assert.equal(
      nativeReason(tail.text),
      'libcublasLt.so.12: cannot open shared object file: No such file or directory',
    );
  });

  it('is else what ONNX Runtime marked as an error', () => {
    const log =
      'noise\n2026 [E:onnxruntime:, inference_session.cc:1 Run] The engine is of another version\nmore noise\n';
    assert.equal(nativeReason(log), 'The engine is of another version');
  });

  it('is else the last line that is no stack frame', () => {
    const log =
      "Warning: Couldn't load Vulkan: libvulkan.so.1\n    at operator() (vulkan.cc:368)\n 1: 0x7f [node]\n----- Stack -----\n";
    assert.equal(nativeReason(log), "Warning: Couldn't load Vulkan: libvulkan.so.1");
  });

  it('is nothing where nothing was written', () => {
    assert.equal(nativeReason('\n  \n'), undefined);
  });
});

describe('the tail of a log', () => {
  it('keeps the end of what was written, and no more than its limit', () => {
    const tail = new Tail(10);
    tail.add('0123456789');
    tail.add('abc');
    assert.equal(tail.text, '3456789abc');
  });
});
