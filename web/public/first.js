// Runs before anything is drawn: what this reader chose before decides how the page's frame looks from its first picture on.
;(function () {
  const html = document.documentElement
  const kept = function (name) {
    try {
      return localStorage.getItem('tongxin.' + name)
    } catch {
      return null
    }
  }
  const inAddress = function (pattern) {
    const found = pattern.exec(location.search)
    return found ? found[1] : null
  }
  const language = (inAddress(/[?&]lang=(en|zh-CN)\b/) || kept('language')) === 'en' ? 'en' : 'zh-CN'
  if (language === 'en') html.lang = 'en'
  if (kept('elder') === '1') html.setAttribute('data-elder', '')
  if (kept('elder') !== null) html.setAttribute('data-type-chosen', '')

  // What every page asks first is asked now, while its scripts are still under way; shared/api.ts takes the answers up.
  const county = inAddress(/[?&]county=(\d{6})\b/) || kept('county')
  const script = document.currentScript
  const asked = {}
  const paths = ((script && script.dataset.ask) || '').split(' ')
  // What belongs to a county is not asked before it is known which.
  for (const path of paths.concat((county && script && script.dataset.askOfCounty) || []).filter(Boolean)) {
    const headers = { accept: 'application/json', 'accept-language': language }
    if (county) headers['tongxin-county'] = county
    const answer = fetch('/api/v1' + path, { credentials: 'same-origin', headers: headers })
    answer.catch(function () {})
    asked[path] = { county: county, language: language, answer: answer }
  }
  window.tongxinAsked = asked
})()
