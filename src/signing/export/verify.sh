#!/bin/sh
# 用常见工具核对这份文书，不需要签发单位的系统。
# Checks this letter with stock tools and without its issuer: openssl 3; qpdf, pdfsig and node where they are.
#
#   sh verify.sh [root.pem]     root.pem: 您从别处得到的根证书 the root that you got from elsewhere
#
# 退出码 exit code: 0 全部成立 all holds; 1 有不成立的 something does not; 2 缺少工具 a tool is missing
here=$(dirname "$0")
root=${1:-$here/certificates/root.pem}
command -v openssl >/dev/null || { echo '缺少 openssl。openssl is missing.'; exit 2; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cp "$root" "$work/root.pem" || exit 2
cd "$here" || exit 2
cat "$work/root.pem" certificates/revoked.pem >"$work/trusted.pem"
failed=0
held=0

check() {
  words=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    held=$((held + 1))
    printf '  ✓ ok     %s\n' "$words"
  else
    failed=$((failed + 1))
    printf '  ✗ WRONG  %s\n' "$words"
    sed 's/^/             /' "$work/log" | head -5
  fi
}
skip() { printf '  · skipped %s\n' "$1"; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
sha256() { openssl dgst -sha256 -r "$1" | cut -d' ' -f1; }
piece() { tail -c "+$(($2 + 1))" "$1" | head -c "$3"; }
same() { [ "$1" = "$2" ] || { echo "$1 / $2"; return 1; }; }

echo '一 文件 the file'
if command -v qpdf >/dev/null; then check 'qpdf：结构完好 the PDF is sound' qpdf --check document.pdf; else skip qpdf; fi
total=$(grep -c . signatures/list.txt)
if command -v pdfsig >/dev/null; then
  pdfsig document.pdf >"$work/pdfsig" 2>/dev/null
  check "pdfsig：${total} 个签名有效 signatures valid" same "$(grep -c 'Signature is Valid' "$work/pdfsig")" "$total"
  check 'pdfsig：签名覆盖整个文件 the whole file is signed' sh -c "tail -4 '$work/pdfsig' | grep -q 'Total document signed'"
else skip pdfsig; fi

echo '二 签名、印章和时间戳 signatures, seal and time stamp'
while read -r n first from second at signature length token size; do
  { head -c "$first" document.pdf; piece document.pdf "$from" "$second"; } >"$work/signed"
  bytes=$(wc -c <"signatures/$n.p7s" | tr -d ' ')
  check "第 $n 个签名取自文件 signature $n is the one in the file" same \
    "$(piece document.pdf $((first + 1)) $((2 * bytes)) | tr A-F a-f)" "$(hex <"signatures/$n.p7s")"
  check "第 $n 个签名成立 signature $n holds" openssl cms -verify -cades -binary -inform DER -in "signatures/$n.p7s" \
    -content "$work/signed" -CAfile "$work/trusted.pem" -crl_check_all -purpose any -attime "$at" -out /dev/null
  end=$((from + second))
  [ "$size" -gt 0 ] || continue
  piece "signatures/$n.p7s" "$signature" "$length" >"$work/signature"
  piece "signatures/$n.p7s" "$token" "$size" >"$work/token"
  check "第 $n 个签名的时间戳成立 the time stamp on signature $n holds" openssl ts -verify -token_in -in "$work/token" \
    -data "$work/signature" -CAfile "$work/root.pem" -untrusted certificates/chain.pem -attime "$at"
  openssl ts -reply -token_in -in "$work/token" -text 2>/dev/null | grep 'Time stamp:' | sed 's/^/             /'
done <signatures/list.txt
check '最后的签名覆盖整个文件 the last signature covers the whole file' same "$end" "$(wc -c <document.pdf | tr -d ' ')"

if [ -f sm2/list.txt ]; then
  echo '三 国密签名 SM2 / SM3'
  read -r attributes <sm2/list.txt
  openssl dgst -sm3 -binary document.pdf >"$work/sm3" 2>/dev/null
  check 'SM3 摘要在被签名的属性里 the SM3 digest is what was signed' sh -c "printf '%s' '$attributes' | grep -q '$(hex <"$work/sm3")'"
  check 'SM2 签名成立 the SM2 signature holds' openssl dgst -sm3 -verify sm2/public.pem \
    -sigopt distid:1234567812345678 -signature sm2/signature.der sm2/attributes.der
fi

echo '四 签署过程 what happened'
previous=0000000000000000000000000000000000000000000000000000000000000000
: >"$work/chain"
for event in evidence/*.json; do
  [ -f "$event" ] || continue
  check "$(basename "$event" .json) $(sed 's/.*"kind":"\([a-z_]*\)".*/\1/' "$event")" grep -q "\"previous\":\"$previous\"" "$event"
  previous=$(sha256 "$event")
  echo "$previous" >>"$work/chain"
done

echo '五 账本 the ledger'
check '首部签名成立 the head is signed' openssl pkeyutl -verify -pubin -inkey ledger/key.pem -rawin -in ledger/head.txt -sigfile ledger/head.sig
for leaf in ledger/*.leaf; do
  [ -f "$leaf" ] || continue
  name=${leaf%.leaf}
  { printf '\000'; cat "$leaf"; } | openssl dgst -sha256 -binary >"$work/hash"
  while read -r side sibling; do
    printf '%s' "$sibling" | openssl base64 -d -A >"$work/sibling"
    if [ "$side" = L ]; then set -- sibling hash; else set -- hash sibling; fi
    { printf '\001'; cat "$work/$1" "$work/$2"; } | openssl dgst -sha256 -binary >"$work/next"
    mv "$work/next" "$work/hash"
  done <"$name.path"
  check "$(basename "$name") 在账本里 stands in the ledger" same "$(hex <"$work/hash")" "$(sed -n 3p ledger/head.txt)"
  chain=$(sed -n 's/.*"chain":"\([0-9a-f]*\)".*/\1/p' "$leaf")
  if [ -n "$chain" ]; then
    check "$(basename "$name") 与签署过程相符 fits what happened" grep -q "$chain" "$work/chain"
  fi
done
check '账本记下的就是这个文件 the ledger means this very file' grep -lq "$(sha256 document.pdf)" ledger/*.leaf
for head in heads/*.txt; do
  [ -f "$head" ] || continue
  name=${head%.txt}
  check "$(basename "$name") 首部签名成立 head signed" openssl pkeyutl -verify -pubin -inkey ledger/key.pem -rawin -in "$head" -sigfile "$name.sig"
  [ -f "$name.tst" ] || continue
  cat "$head" "$name.sig" >"$work/stamped"
  check "$(basename "$name") 首部时间戳成立 head stamped" openssl ts -verify -token_in -in "$name.tst" \
    -data "$work/stamped" -CAfile "$work/root.pem" -untrusted certificates/chain.pem
done
if command -v node >/dev/null && [ -f tongxin-verify.mjs ]; then
  check '证明和只增不改 proofs, and that the ledger only grew (node)' node tongxin-verify.mjs ledger/proofs.json --key ledger/key.pem
else skip 'node：账本只增不改 that the ledger only grew'; fi

echo
if [ "$failed" -gt 0 ]; then
  echo "有 $failed 项不成立，$held 项成立。$failed do not hold, $held do."
  exit 1
fi
echo "全部 $held 项成立。All $held hold."
[ -n "$1" ] || true
if [ "$root" = "$here/certificates/root.pem" ]; then
  echo '注意：根证书取自本包；请与签发单位在别处公布的指纹对照。'
  echo 'NOTE: the root came with this package. Compare its fingerprint with the published one:'
  openssl x509 -in "$work/root.pem" -noout -fingerprint -sha256
fi
