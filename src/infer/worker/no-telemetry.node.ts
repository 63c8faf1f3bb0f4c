/**
 * From 1.29 on ONNX Runtime reports models and machines to its maker, over the network and by files in caches, unless
 * this variable is set before it is loaded. Import this first, also in the code that starts a thread which loads it: a
 * thread's environment is a copy. On Windows events go to the system, whose settings decide.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
