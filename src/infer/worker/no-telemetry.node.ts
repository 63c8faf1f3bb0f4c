/**
 * ONNX Runtime, from 1.29 on, tells its maker of models and machines, over the network and with files in caches, unless this stands in the environment before
 * it is loaded. To be imported before it, and by whoever starts a thread that loads it, whose own environment is a copy. On Windows, where events go
 * to the system, that is the system's setting.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
