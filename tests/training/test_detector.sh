#!/bin/bash
# The detector's trainer through its command line: a few steps, resume, measure, export, refusals. Needs no data.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
trainer=$here/../../models/training/detector
python=${PYTHON:-/usr/bin/python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "FAILED: $1" >&2; exit 1; }

"$python" "$here/draw_data.py" "$work/data"

"$python" "$here/check_places.py" "$work/data" || fail 'places of an earlier detector'

"$python" "$trainer/train.py" --data "$work/data" --out "$work/run" --tiny --places "$work/data/places.jsonl" > "$work/first.txt"
grep -q 'held out: openimages' "$work/first.txt" || fail 'no held-out figures after training'

"$python" "$trainer/train.py" --data "$work/data" --out "$work/run" --tiny --resume --images 32 --models "$work/models" --version 0.0.1 > "$work/second.txt" 2> "$work/export.txt" || fail "a resumed run that exports: $(tail -1 "$work/export.txt")"
grep -q ' 32 images' "$work/second.txt" || fail 'a resumed run does not go on from 24 images'

"$python" "$trainer/evaluate.py" --data "$work/data" --weights "$work/run/last.pt" --rendered 6 > "$work/measured.txt"
grep -q 'recall at .25' "$work/measured.txt" || fail 'no recall by plate size'

"$python" - "$work/models" <<'PY' || fail 'the model at the end of the run breaks its contract'
import hashlib, json, sys
import onnx
model = onnx.load(sys.argv[1] + '/detector.onnx')
card = json.load(open(sys.argv[1] + '/detector.json'))
props = {p.key: p.value for p in model.metadata_props}
assert props['version'] == card['version'] == '0.0.1' and props['colour'] == 'bgr' and props['stride'] == '8', props
assert 0 < float(props['score_threshold']) < 1
assert card['sha256'] == hashlib.sha256(open(sys.argv[1] + '/detector.onnx', 'rb').read()).hexdigest()
frame, plates = model.graph.input[0], model.graph.output[0]
assert (frame.name, frame.type.tensor_type.elem_type) == ('frame', onnx.TensorProto.UINT8), frame
dims = frame.type.tensor_type.shape.dim
assert dims[1].dim_param and dims[2].dim_param and dims[3].dim_value == 3, dims
assert plates.name == 'plates' and plates.type.tensor_type.shape.dim[2].dim_value == 13, plates
assert {r['what'].split(',')[0] for r in card['measured']} >= {'AP at IoU 0.5'}
assert card['numbers'].startswith('int8') and sum(n.op_type == 'QuantizeLinear' for n in model.graph.node) > 30, card['numbers']
PY

"$python" "$trainer/export.py" --data "$work/data" --weights "$work/run/last.pt" --out "$work/float" --version 0.0.1 --float --no-measure > /dev/null 2>&1 || fail 'export --float'
! grep -q QuantizeLinear "$work/float/detector.onnx" || fail 'export --float gives an int8 graph'
"$python" "$trainer/evaluate.py" --data "$work/data" --weights "$work/models/detector.onnx" --rendered 6 > "$work/measured.txt"
grep -q 'recall at .25' "$work/measured.txt" || fail 'an exported graph cannot be measured'

refused() { # words that the one line must hold, then the command
    local words=$1 code=0
    shift
    "$@" > /dev/null 2> "$work/refusal.txt" || code=$?
    [ "$code" = 2 ] || fail "exit code $code, not 2: $*"
    grep -q -- "$words" "$work/refusal.txt" || fail "no word of $words: $(cat "$work/refusal.txt")"
    ! grep -q Traceback "$work/refusal.txt" || fail "a traceback instead of one line: $*"
}
refused boxes.csv "$python" "$trainer/train.py" --data "$work/none" --out "$work/run" --tiny
refused --resume "$python" "$trainer/train.py" --data "$work/data" --out "$work/empty" --tiny --resume
refused 'anpr read --json' "$python" "$trainer/train.py" --data "$work/data" --out "$work/run" --tiny --places "$work/data/detection/boxes.csv"
refused tram "$python" "$trainer/train.py" --data "$work/data" --out "$work/run" --tiny --sources tram
refused --minutes "$python" "$trainer/train.py" --data "$work/data" --out "$work/run"
refused last.pt "$python" "$trainer/evaluate.py" --data "$work/data" --weights "$work/last.pt"
echo 'detector trainer: passed'
