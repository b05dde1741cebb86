import { page } from './page.ts'

// The server drew the page; here it only comes to life.
let nights = 2
const app = document.querySelector('#app')!
const output = app.querySelector('output')!
for (const button of app.querySelectorAll<HTMLButtonElement>('[data-by]'))
  button.addEventListener('click', () => {
    nights = Math.max(1, Math.min(14, nights + Number(button.dataset.by)))
    output.textContent = `${nights} ${nights === 1 ? 'night' : 'nights'}`
  })

// What the browser would have drawn is what the server drew, down to the URL of every picture.
const drawn = document.createElement('template')
drawn.innerHTML = page(nights)
document.documentElement.dataset.hydrated = drawn.innerHTML === app.innerHTML ? 'same' : 'different'
