mkdir -p build/model
cp logistic.onnx build/model/model.onnx
wc -l < build/train.csv > build/model/rows.txt
