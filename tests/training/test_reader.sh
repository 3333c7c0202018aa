#!/bin/bash
# The reader's trainer through its command line: a few steps, resume, measure, export, refusals. Needs no data.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
trainer=$here/../../models/training/reader
python=${PYTHON:-/usr/bin/python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "FAILED: $1" >&2; exit 1; }

"$python" "$here/draw_data.py" "$work/data"

"$python" "$here/check_renderer.py" "$work/data" > "$work/renderer.txt" || fail "renderer: $(tail -1 "$work/renderer.txt")"

"$python" "$trainer/train.py" --data "$work/data" --out "$work/run" --tiny > "$work/first.txt"
grep -q ' 24 images' "$work/first.txt" || fail 'no line for the end of the run'
grep -q 'rendered [0-9]' "$work/first.txt" || fail 'no held-out figure after training'

"$python" "$trainer/train.py" --data "$work/data" --out "$work/run" --tiny --resume --images 40 --models "$work/models" --version 0.0.1 > "$work/second.txt"
grep -q ' 40 images' "$work/second.txt" || fail 'a resumed run does not go on from 24 images'

"$python" "$trainer/evaluate.py" --data "$work/data" --checkpoint "$work/run/checkpoint.pt" --rendered 40 > "$work/measured.txt"
grep -q 'rendered, held-out shapes: [0-9]' "$work/measured.txt" || fail 'no figure from evaluate.py'

"$python" - "$work/data" > "$work/places.jsonl" <<'PY'
import csv, json, sys
for number, row in enumerate(csv.DictReader(open(sys.argv[1] + '/detection/boxes.csv'))):
    if row['xmin']:
        x1, y1, x2, y2 = (float(row[k]) for k in ('xmin', 'ymin', 'xmax', 'ymax'))
        sure = {'text': f'AB{number:03}CD', 'raw_text': f'AB{number:03}CD', 'confidence': 0.99 if number % 2 else 0.5, 'lines': 1}
        print(json.dumps({'source': 'anywhere/' + '/'.join(row['image'].split('/')[1:]), 'box': [x1, y1, x2, y2], 'quad': [[x1, y1], [x2, y1], [x2, y2], [x1, y2]], **sure}))
    print(json.dumps({'source': 'anywhere/' + '/'.join(row['image'].split('/')[1:]), 'box': None}))
PY
"$python" "$trainer/pseudo.py" --data "$work/data" --places "$work/places.jsonl" --out "$work/real" > "$work/pseudo.txt"
grep -q '^[1-9][0-9]* plates read surely' "$work/pseudo.txt" || fail 'pseudo.py found no sure plate'
[ "$(head -1 "$work/real/unsure.csv" | tr -d '\r')" = image,text,lines,x1,y1,x2,y2,x3,y3,x4,y4 ] || fail 'unsure.csv has another header'
[ "$(awk -F, 'NR > 1 && $2 != ""' "$work/real/unsure.csv" | wc -l)" = 0 ] && [ "$(wc -l < "$work/real/unsure.csv")" -gt 1 ] || fail 'unsure.csv has texts, or no plate'
sed -i '2s/,,/,EYE\/123,/' "$work/real/unsure.csv"
"$python" - "$trainer" "$work/real" <<'PY' || fail 'the crops of pseudo.py are not what a reader is trained on'
import sys
sys.path.insert(0, sys.argv[1] + '/..')
from reader.real import load_real, plain_cut
both = {}
for side in (True, False):
    for listing in ('sure', 'unsure'):
        found = load_real(f'{sys.argv[2]}/{listing}.csv', validation=side)
        assert not both.keys() & found.keys(), 'a text on both sides of the split'
        both.update(found)
assert [real.lines for real in both['EYE123']] == [['EYE', '123']], both['EYE123']
assert all(plain_cut(real).shape == (64, 160, 3) for found in both.values() for real in found)
PY
"$python" "$trainer/train.py" --data "$work/data" --out "$work/more" --tiny --extra "$work/real/sure.csv" --extra "$work/real/unsure.csv" > "$work/third.txt"
grep -q 'real [0-9]' "$work/third.txt" || fail 'no figure of held-out real crops'

"$python" - "$work/models" <<'PY' || fail 'the model at the end of the run breaks its contract'
import hashlib, json, sys
import onnx
model = onnx.load(sys.argv[1] + '/reader.onnx')
card = json.load(open(sys.argv[1] + '/reader.json'))
props = {p.key: p.value for p in model.metadata_props}
assert props['version'] == card['version'] == '0.0.1', props
assert props['alphabet'] == '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', props
assert 0.1 <= float(props['temperature']) <= 10 and 0 <= float(props['margin_x']) < 1 and 0 <= float(props['margin_y']) < 1, props
assert card['sha256'] == hashlib.sha256(open(sys.argv[1] + '/reader.onnx', 'rb').read()).hexdigest()
crops = model.graph.input[0]
dims = crops.type.tensor_type.shape.dim
assert (crops.name, crops.type.tensor_type.elem_type) == ('crops', onnx.TensorProto.UINT8), crops
assert dims[0].dim_param and [d.dim_value for d in dims[1:]] == [64, 160, 3], dims
shapes = {o.name: [d.dim_value for d in o.type.tensor_type.shape.dim][1:] for o in model.graph.output}
assert shapes == {'characters': [2, 40, 37], 'country': [len(props['countries'].split(','))]}, shapes
assert props['countries'].split(',')[-1] == 'unknown', props
assert {r['what'] for r in card['measured']}, card
assert card['numbers'].startswith('int8') and sum(n.op_type == 'QuantizeLinear' for n in model.graph.node) > 15, card['numbers']
PY
"$python" "$trainer/evaluate.py" --data "$work/data" --checkpoint "$work/models/reader.onnx" --rendered 40 > "$work/measured.txt"
grep -q 'rendered, held-out shapes: [0-9]' "$work/measured.txt" || fail 'an exported graph cannot be measured'

refused() { # words that the one line must hold, then the command
    local words=$1 code=0
    shift
    "$@" > /dev/null 2> "$work/refusal.txt" || code=$?
    [ "$code" = 2 ] || fail "exit code $code, not 2: $*"
    grep -q -- "$words" "$work/refusal.txt" || fail "no word of $words: $(cat "$work/refusal.txt")"
    ! grep -q Traceback "$work/refusal.txt" || fail "a traceback instead of one line: $*"
}
refused glyph "$python" "$trainer/train.py" --data "$work/none" --out "$work/run" --tiny
refused --resume "$python" "$trainer/train.py" --data "$work/data" --out "$work/empty" --tiny --resume
refused --minutes "$python" "$trainer/train.py" --data "$work/data" --out "$work/run" --minutes 0
refused --temperature "$python" "$trainer/export.py" --data "$work/data" --checkpoint "$work/run/checkpoint.pt" --out "$work/models" --version 1.0.0 --temperature 20
refused none.jsonl "$python" "$trainer/pseudo.py" --data "$work/data" --places "$work/none.jsonl" --out "$work/real"
refused none.pt "$python" "$trainer/evaluate.py" --data "$work/data" --checkpoint "$work/none.pt"
refused none.pt "$python" "$trainer/export.py" --data "$work/data" --checkpoint "$work/none.pt" --out "$work/models" --version 1.0.0
echo 'reader trainer: passed'
