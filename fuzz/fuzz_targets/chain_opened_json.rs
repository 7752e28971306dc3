#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| simulator::decoders::feed("chain_opened_json", data));
