export const blog = {
  title: 'Blog',
  description: 'New posts from this site.',
  language: 'en',
}
